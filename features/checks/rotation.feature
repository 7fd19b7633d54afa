@check
Feature: Rotating refresh tokens
  Where each use replaces the refresh token, a copy of it is noticed: thief and
  client cannot both go on. That holds only if the spent one is worth nothing.

  Rule: Each refresh replaces the refresh token

    @RR-01
    Scenario: Each refresh gives another refresh token
      Given the client has tokens
      When the client refreshes 5 times in a chain
      Then the server gives another refresh token each time

    @RR-04
    Scenario: Rotations leave scope, client and customer as they were
      Given the client has tokens
      When the client refreshes 3 times in a chain
      Then the newest tokens reach as far as the first

    @RR-05
    Scenario: After a rotation a refresh token lives as long as is documented
      Given two clients' connections rotate once, half-way through the life of their refresh tokens
      When one refreshes an hour before the documented end, the other an hour after it
      Then the first works, and the second is refused

  Rule: A spent refresh token is worth nothing

    @RR-02
    Scenario: A spent refresh token is refused
      Given the client has tokens
      And the client has refreshed 2 times
      When the client presents its first refresh token once more, after the grace
      Then the server refuses it

    @RR-03
    Scenario: A spent refresh token presented again ends its family
      Given the client has tokens
      And the client has refreshed 2 times
      When the client presents its first refresh token once more, after the grace
      And it then presents the newest refresh token, and the newest access token at the API
      Then the whole family has ended

    @RR-06
    Scenario: Neither refreshes at the same instant nor repeated ones make two families
      Given the client has tokens
      When the client refreshes many times at the same instant with the same refresh token
      Then one living family is left at most
      When the client loses the answer to a refresh and repeats it within the grace
      Then the server gives a pair that works, if it documents a grace
      When the client loses the answer to a refresh and repeats it after the grace
      Then the server refuses it
