Feature: Failed stacks are explained and got out of the way

  Scenario: A failure is told with its cause first
    Given the fault "capacity g4dn.xlarge"
    When I run "manage-compute create dev --local --yes --output json"
    Then the exit status is 4
    And the error mentions "capacity"
    And the error has a hint
    And there is no instance in dev

  Scenario: The same command again after a failure
    Given the fault "capacity g4dn.xlarge"
    And I have run "manage-compute create dev --local --yes"
    And the faults are cleared
    When I run "manage-compute create dev --local --yes --output json"
    Then the exit status is 0
    And the answer's node is running

  Scenario: A failed update leaves the old node running
    Given a node in test
    And the fault "resource Instance --on update --times 1 --reason 'Insufficient capacity.'"
    When I run "manage-compute create test --local --yes --instance-type t3.large --output json"
    Then the exit status is 4
    And the node in test is a "t3.medium"

  Scenario: A stack of the same name that is not ours is not touched
    Given a stack "semanticworld-test-compute" that is not ours
    When I run "manage-compute create test --local --yes --output json"
    Then the exit status is 3
    And the stack "semanticworld-test-compute" that is not ours is untouched
    When I run "manage-compute delete test --local --yes --output json"
    Then the exit status is 3
    And the stack "semanticworld-test-compute" that is not ours is untouched

  Scenario: A lost answer creates nothing twice
    Given the fault "lost-answer cloudformation:ExecuteChangeSet --times 1"
    When I run "manage-compute create test --local --yes --output json"
    Then the exit status is 0
    And there is 1 running instance in test

  Scenario: Throttling is waited out
    Given the fault "throttle 30%"
    When I run "manage-compute create test --local --yes --output json"
    Then the exit status is 0
