Feature: Delete leaves nothing behind

  Scenario: The compute layer goes, the base stays and costs nothing
    Given a node in test
    When I run "manage-compute delete test --local --yes --output json"
    Then the exit status is 0
    And there is no instance in test
    And there is no stack "semanticworld-test-compute"
    And the answer retains the base layer at 0 USD
    And the answer has no leftovers

  Scenario: Everything goes
    Given a node in test
    When I run "manage-compute delete test --local --yes --everything --output json"
    Then the exit status is 0
    And there is no stack "semanticworld-test-base"
    When I run "manage-networking delete test --local --yes --output json"
    Then the exit status is 0
    And nothing of test is left at all

  Scenario: A bucket with somebody's files is not deleted unless it is named
    Given a node in test
    And an object "model.bin" in the bucket of test
    When I run "manage-compute delete test --local --yes --everything --output json"
    Then the object "model.bin" is still in the bucket of test

  Scenario: Deleting what is not there
    When I run "manage-compute delete dev --local --yes --output json"
    Then the exit status is 0
    And the answer has no leftovers

  Scenario: A thing that carries our tags and was made by hand is found
    Given a node in test
    And a volume of 5 GiB made by hand with the tags of test
    When I run "manage-compute delete test --local --yes --output json"
    Then the exit status is 5
    And the answer's leftovers name the volume with its monthly price
