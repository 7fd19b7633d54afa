@protocol @mint
Feature: Revocation, introspection and metadata
  A client gives tokens back, asks about them, and finds every endpoint in
  one document.

  Rule: A revoked refresh token takes its access token along

    @RV-01 @RV-02
    Scenario: Nothing of the grant is left
      Given a mint platform
      And the client holds tokens of Maya
      When the client revokes its refresh token
      Then the answer is 200
      And the newest access token opens nothing
      And the newest refresh token is refused

    @RV-04
    Scenario: An unknown token is revoked without complaint
      Given a mint platform
      When the client revokes an unknown token
      Then the answer is 200

    @RV-05
    Scenario: Nobody else can revoke it
      Given a mint platform with a second client
      And the client holds tokens of Maya
      When the second client revokes the refresh token
      Then the newest access token opens the API

  Rule: Introspection tells the truth to those entitled

    @IN-02
    Scenario: A live token is active
      Given a mint platform
      And the client holds tokens of Maya
      When the client introspects its access token
      Then the answer is 200
      And it says active with the client, the customer and the scope

    @IN-03
    Scenario: An expired token is inactive
      Given a mint platform
      And the client holds tokens of Maya
      And 21 minutes have passed
      When the client introspects its access token
      Then it says inactive and nothing more

    @IN-01
    Scenario: Without credentials nothing is told
      Given a mint platform
      When somebody introspects a token without credentials
      Then the answer is 401 invalid_client

  Rule: One document names every endpoint

    @MD-01 @MD-02 @MD-03 @MD-04 @AZ-14
    Scenario: The metadata agrees with the Platform
      Given a mint platform
      When a client reads the metadata of the platform
      Then it names the issuer and the endpoints the platform has
      And it announces S256 and the iss parameter
