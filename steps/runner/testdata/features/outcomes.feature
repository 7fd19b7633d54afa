@outcomes
Feature: Outcomes
  One scenario for every way to end.

  Background:
    Given a start

  @passes @P-01
  Scenario: Everything holds
    When something is done
    Then it holds

  @fails @F-01
  Scenario: An assertion fails
    When something is done
    Then it does not hold
    And it holds

  @undefined
  Scenario: Nobody wrote the step
    When nobody wrote this
    Then it holds

  @panics
  Scenario: A step panics
    When a step panics
    Then it holds

  @hookpanics
  Scenario: A hook panics
    When the After hook will panic
    Then it holds

  @inapplicable
  Scenario: It says nothing here
    When this does not apply
    Then it holds

  @unable
  Scenario: The surroundings fail
    When the server cannot be reached
    Then it holds

  @late
  Scenario: It never ends by itself
    When a step waits for its context
    Then it holds

  @afterfails
  Scenario: The After hook finds something
    When the After hook will fail
    Then it holds

  @ambiguous
  Scenario: Two steps fit
    When two fit
    Then it holds
