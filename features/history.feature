Feature: Operations are journalled

  Scenario: Create and delete are in the history
    Given a node in test
    And I have run "manage-compute delete test --local --yes"
    When I run "manage-compute history test --local --output json"
    Then the exit status is 0
    And the history has a finished "create" and a finished "delete"
