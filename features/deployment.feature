Feature: Deploy a node
  One command builds the networking, base and compute layers and waits until the node runs.

  Scenario: A stranger creates a node on the embedded cloud
    When I run "manage-compute create dev --local --yes --output json"
    Then the exit status is 0
    And the answer says ok
    And the stacks "networking, base, compute" of dev are complete
    And the answer's node is running
    And the answer has the outputs "ComputeInstanceId, InstancePrivateIp, SecurityGroupId, InstanceRoleArn, LogGroupName, SessionCommand"

  Scenario: Creating twice changes nothing
    Given a node in test
    When I run "manage-compute create test --local --yes --output json"
    Then the exit status is 0
    And the answer lists no changes
    And there is 1 running instance in test

  Scenario: Status tells what stands
    Given a node in test
    When I run "manage-compute status test --local --output json"
    Then the exit status is 0
    And the answer's stack is "CREATE_COMPLETE"
    And the answer's node is running
    And the answer has recent events

  Scenario: Outputs are the stack's outputs
    Given a node in test
    When I run "manage-compute outputs test --local --output json"
    Then the exit status is 0
    And the answer's outputs are those of the compute stack of test

  Scenario: A parameter file shapes the node
    Given a copy of the parameter file "compute-test.json" with "RootVolumeSize" set to "80"
    When I run "manage-compute create test --local --yes --parameters {file} --output json"
    Then the exit status is 0
    And the root volume of the node in test has 80 GiB

  Scenario: A data volume that is asked for is attached, encrypted and kept as a snapshot
    Given a copy of the parameter file "compute-test.json" with "DataVolumeSize" set to "20"
    When I run "manage-compute create test --local --yes --parameters {file} --output json"
    Then the exit status is 0
    And a data volume of 20 GiB is attached to the node in test
    When I run "manage-compute delete test --local --yes --output json"
    Then the exit status is 0
    And the answer retains a snapshot with its monthly price
