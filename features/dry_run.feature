Feature: A dry run changes nothing

  Scenario: A dry run of a first create
    When I run "manage-compute create dev --local --dry-run --output json"
    Then the exit status is 0
    And the answer lists changes
    And nothing was created in dev

  Scenario: A dry run of an update
    Given a node in test
    When I run "manage-compute create test --local --dry-run --instance-type t3.large --output json"
    Then the exit status is 0
    And the answer lists a change of "Instance"
    And the node in test is untouched
    And no change set is left behind in test

  Scenario: A dry run of a delete
    Given a node in test
    When I run "manage-compute delete test --local --dry-run --output json"
    Then the exit status is 0
    And the node in test is untouched
