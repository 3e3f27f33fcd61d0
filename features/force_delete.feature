Feature: A stack that cannot be deleted

  Scenario: Without force the failure is named and nothing more is done
    Given a node in test
    And the fault "resource DiskAlarm --on delete --reason 'still in use'"
    When I run "manage-compute delete test --local --yes --output json"
    Then the exit status is 5
    And the error mentions "DiskAlarm"
    And the error's hint mentions "--force-delete"

  Scenario: With force the rest goes, and what CloudFormation could not delete is removed directly
    Given a node in test
    And the fault "resource DiskAlarm --on delete --reason 'still in use'"
    When I run "manage-compute delete test --local --yes --force-delete --output json"
    Then the exit status is 0
    And there is no stack "semanticworld-test-compute"
    And there is no alarm "semanticworld-test-disk"
    And the answer has no leftovers

  Scenario: What cannot be removed with force either is named
    Given a node in test
    And the fault "resource DiskAlarm --on delete --reason 'still in use'"
    And the fault "error cloudwatch:DeleteAlarms AccessDenied --status 403"
    When I run "manage-compute delete test --local --yes --force-delete --output json"
    Then the exit status is 5
    And there is no stack "semanticworld-test-compute"
    And the answer names the alarm "semanticworld-test-disk" as left over

  Scenario: After the cause is gone the same command succeeds
    Given a node in test
    And the fault "resource DiskAlarm --on delete --reason 'still in use'"
    And I have run "manage-compute delete test --local --yes"
    And the faults are cleared
    When I run "manage-compute delete test --local --yes --output json"
    Then the exit status is 0
    And there is no stack "semanticworld-test-compute"
