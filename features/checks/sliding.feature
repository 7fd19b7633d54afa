@check
Feature: Sliding refresh tokens
  Where the refresh token stays, its life is all that limits it: each use
  prolongs it, nothing else does, and a cap ends it whatever happens.

  Rule: The refresh token stays the one that the customer's consent made

    @RS-01
    Scenario: A refresh gives no other refresh token
      Given the client has tokens
      When the client refreshes 3 times with the same refresh token
      Then no answer has a refresh token

    @RS-02
    Scenario: The same refresh token works again and again
      Given the client has tokens
      When the client refreshes 5 times with the same refresh token
      Then the server gives an access token each time

    @RS-06
    Scenario: What needs no click of the customer gives no refresh token
      Given the client has tokens
      When access is asked for in all ways that need no click of the customer
      Then a refresh token comes only where the server documents it

  Rule: A use prolongs the refresh token, and nothing else does

    @RS-03
    Scenario: A use prolongs the refresh token, and a refused refresh does not
      Given the client has tokens
      When the client refreshes at nine and at eighteen tenths of its refresh token's life
      Then the use has prolonged the token
      When a refresh is refused at nine tenths, and another one is tried at eleven tenths
      Then the refused one has not

    @RS-04
    Scenario: A refresh token that has ended is not revived by a refused attempt
      Given the client has tokens
      When the client leaves its refresh token unused past its life, and then presents it twice
      Then the server refuses each
      And a new refresh token works

    @RS-05
    Scenario: Prolonging ends at the cap
      Given the client has tokens
      When the client refreshes every half life until past the cap
      Then all work up to the cap, and none after it
