Feature: Nothing is open
  What was created is read back from AWS, not from the template.

  Background:
    Given a node in test

  Scenario: The node cannot be reached from outside
    Then the instance in test has no public address
    And the instance in test stands in a private subnet
    And the instance in test has no key pair
    And no security group of the instance in test lets the internet in

  Scenario: Credentials on the node are guarded
    Then the instance in test requires IMDSv2 with a hop limit of 1
    And the role of the instance in test has a permissions boundary
    And no policy of the role of the instance in test allows every action of a service

  Scenario: Everything is encrypted
    Then every volume of the instance in test is encrypted
    And the bucket of test is encrypted, versioned, private and refuses plain HTTP

  Scenario: The default security group is closed
    Then the default security group of the network of test has no rules

  Scenario: The node stops and is not lost when its system shuts down
    Then the instance in test stops on a shutdown from within
