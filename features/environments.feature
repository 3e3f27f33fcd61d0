Feature: Environments stand side by side
  dev, test, staging and prod never touch each other.

  Scenario: Deleting one leaves the other as it was
    Given a node in test
    And a node in dev
    When I run "manage-compute delete test --local --yes --everything --output json"
    Then the exit status is 0
    And there is no instance in test
    And the node in dev is untouched

  Scenario: Status without an environment shows them all
    Given a node in test
    When I run "manage-compute status --local --output json"
    Then the exit status is 0
    And the answer has a row for each of "dev, test, staging, prod"

  Scenario: In prod deleting asks for the environment's name
    Given a node in prod
    When I run "manage-compute delete prod --local --output json" with the input "yes"
    Then the exit status is 3
    And there is 1 running instance in prod
