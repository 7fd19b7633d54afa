@protocol @mindbaz
Feature: What platforms make of a refresh token
  Platforms differ in what a refresh token is worth. Each way is an option of
  the mock Platform, and behaves as it says.

  Rule: A grace forgives a lost answer in one of three shapes

    @RR-06 @TX-05
    Scenario: Another pair is given, and both live on
      Given a mindbaz platform with refresh_token.grace.shape=new_sibling and refresh_token.grace.window=30s
      And the clocks stand still
      And the client holds tokens of Maya
      And the client has refreshed 1 time
      When the client presents its first refresh token again
      Then all refresh tokens so far differ
      And the access token opens the API

    @RR-06 @TX-05
    Scenario: The old one lives until the new one is used
      Given a mindbaz platform with refresh_token.grace.shape=until_successor_used
      And the client holds tokens of Maya
      And the client has refreshed 1 time
      And 3 days have passed
      When the client presents its first refresh token again
      Then the answer holds a refresh token

    @RR-02 @RR-06
    Scenario: Once the new one was used the old one is worth nothing
      Given a mindbaz platform with refresh_token.grace.shape=until_successor_used
      And the client holds tokens of Maya
      And the client has refreshed 2 times
      When the client presents its first refresh token again
      Then the answer is 401 invalid_grant

  Rule: An end may be counted in other ways than from the last use

    @RR-05 @RF-06
    Scenario: A successor may inherit its predecessor's end
      Given a mindbaz platform with refresh_token.rotation_lifetime=inherited
      And the client holds tokens of Maya
      And the client has refreshed every 3 days for 6 days
      And 25 hours have passed
      When the client refreshes
      Then the answer is 401 invalid_grant

    @S000-35 @RF-06
    Scenario: A grant may be good for a number of refreshes
      Given a mindbaz platform with refresh_token.max_uses=2
      And the client holds tokens of Maya
      And the client has refreshed 2 times
      When the client refreshes
      Then the answer is 401 invalid_grant

    @S004-07 @RF-06
    Scenario: A refresh may come too early
      Given a mindbaz platform with refresh_token.allowed=after_expiry
      And the client holds tokens of Maya
      When the client refreshes
      Then the answer is 401 invalid_grant

    @S004-07 @RF-01
    Scenario: A refresh that waited for the end is served
      Given a mindbaz platform with refresh_token.allowed=after_expiry
      And the client holds tokens of Maya
      And 1201 seconds have passed
      When the client refreshes
      Then the answer holds a refresh token

  Rule: A platform may limit what lives at the same time

    @S000-29 @RF-06
    Scenario: A refresh may end the access token before it
      Given a mindbaz platform with refresh_token.previous_access_token=kill
      And the client holds tokens of Maya
      When the client refreshes
      Then the first access token opens nothing
      And the newest access token opens the API

    @RF-06
    Scenario: The oldest refresh token makes room for the newest
      Given a mindbaz platform with refresh_token.max_live=2
      And the client holds tokens of Maya
      And the client holds tokens of Maya
      And the client holds tokens of Maya
      When the client presents its first refresh token again
      Then the answer is 401 invalid_grant

  Rule: A platform may word its refusal otherwise

    @RF-06
    Scenario: An expired refresh token has an error code of its own
      Given a mindbaz platform with refresh_token.error_expired=token_expired and refresh_token.error_status=403
      And the client holds tokens of Maya
      And 169 hours have passed
      When the client refreshes
      Then the answer is 403 token_expired
