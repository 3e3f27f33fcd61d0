Feature: Names and tags
  Everything carries its project, environment and layer, so that people, bills and the tool itself can tell what it is.

  Scenario: Stacks and resources are named and tagged
    Given a node in test
    Then the stacks "networking, base, compute" of test carry our tags
    And the instance in test is named "semanticworld-test-node"
    And every taggable resource of test carries our tags
