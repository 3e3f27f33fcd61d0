Feature: Choose the instance type
  Any current GPU type and small CPU types can be asked for; what cannot be is refused before anything changes.

  Scenario: Another GPU type
    When I run "manage-compute create dev --local --yes --instance-type g5.xlarge --output json"
    Then the exit status is 0
    And the node in dev is a "g5.xlarge"

  Scenario: Another type for a node that stands keeps the node and its disk
    Given a node in test
    When I run "manage-compute create test --local --yes --instance-type t3.large --output json"
    Then the exit status is 0
    And the node in test is a "t3.large"
    And it is the same instance as before

  Scenario: An unknown type is refused with the nearest known one
    When I run "manage-compute create dev --local --yes --instance-type g4dn.xlrage --output json"
    Then the exit status is 2
    And the error suggests "g4dn.xlarge"
    And nothing was created in dev

  Scenario: A size of the root volume
    When I run "manage-compute create test --local --yes --storage-size 120 --output json"
    Then the exit status is 0
    And the root volume of the node in test has 120 GiB
