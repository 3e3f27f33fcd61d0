Feature: Layers find each other by exports
  The networking layer is found by its exports, whatever its stack is called.

  Scenario: Somebody else's network with the same exports is used
    Given a network of test made by somebody else's template in the stack "platform-network"
    When I run "manage-compute create test --local --yes --output json"
    Then the exit status is 0
    And the instance in test stands in the stack "platform-network"'s private subnet
    And there is no stack "semanticworld-test-networking"

  Scenario: The network cannot go while a node stands in it
    Given a node in test
    When I run "manage-networking delete test --local --yes --output json"
    Then the exit status is 3
    And the error names "semanticworld-test-base"
    And the stacks "networking, base, compute" of test are complete

  Scenario: Against AWS a missing network is refused with the command that makes it
    When I run "manage-compute create test --endpoint-url {endpoint} --yes --output json"
    Then the exit status is 3
    And the error's hint is "./manage-networking.sh create test --endpoint-url URL"
    And nothing was created in test

  Scenario: The networking layer alone
    When I run "manage-networking create staging --local --yes --output json"
    Then the exit status is 0
    And the exports of the contract exist for staging
