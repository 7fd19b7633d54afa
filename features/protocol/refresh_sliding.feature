@protocol @mint
Feature: Sliding refresh tokens
  The refresh token keeps its value; each use prolongs its life, up to a cap.

  Rule: A refresh yields a fresh access token and no refresh token

    @S000-29 @S000-31 @RF-01 @RS-01 @RS-02
    Scenario: The same refresh token serves again and again
      Given a mint platform
      And the client holds tokens of Maya
      And the client has refreshed 4 times
      When the client refreshes
      Then the answer holds a Bearer access token for 1200 seconds
      And the answer holds no refresh token
      And the access token opens the API

  Rule: Each use before the end prolongs its life by the idle window

    @S000-34 @S000-32 @RS-03
    Scenario: Used in time it lives on
      Given a mint platform
      And the client holds tokens of Maya
      And 719 hours have passed
      And the client has refreshed 1 time
      And 719 hours have passed
      When the client refreshes
      Then the answer holds a Bearer access token for 1200 seconds

    @S000-34 @RS-04 @RF-06
    Scenario: Left alone it ends for good
      Given a mint platform
      And the client holds tokens of Maya
      And 721 hours have passed
      And the client's refresh has been refused
      When the client refreshes
      Then the answer is 400 invalid_grant
      And the answer holds no token

    @S000-34 @RS-03 @RF-02
    Scenario: A refused refresh prolongs nothing
      Given a mint platform
      And the client holds tokens of Maya
      And 27 days have passed
      And the client's refresh with a wrong secret has been refused
      And 6 days have passed
      When the client refreshes
      Then the answer is 400 invalid_grant

    @S000-35 @RS-05
    Scenario: The absolute cap ends every prolongation
      Given a mint platform
      And the client holds tokens of Maya
      And the client has refreshed every 19 days for 171 days
      And 10 days have passed
      When the client refreshes
      Then the answer is 400 invalid_grant

    @S000-35 @RS-05
    Scenario: Up to the absolute cap it works
      Given a mint platform
      And the client holds tokens of Maya
      And the client has refreshed every 19 days for 171 days
      And 8 days have passed
      When the client refreshes
      Then the answer holds a Bearer access token for 1200 seconds

  Rule: Other clients and wrong secrets get nothing, and break nothing

    @RF-02 @S001-18
    Scenario: A refresh with a wrong secret leaves the refresh token alive
      Given a mint platform
      And the client holds tokens of Maya
      And the client's refresh with a wrong secret has been refused
      When the client refreshes
      Then the answer holds a Bearer access token for 1200 seconds

    @RF-03
    Scenario: Another client cannot use the refresh token
      Given a mint platform with a second client
      And the client holds tokens of Maya
      When the second client refreshes with them
      Then the answer is 400 invalid_grant
