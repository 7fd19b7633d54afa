@check
Feature: Revocation
  Whoever disconnects an application relies on it: a confirmation that changes
  nothing is worse than an error.

  Rule: A refresh token that was revoked earns nothing any more

    @RV-01
    Scenario: A revoked refresh token is dead
      Given the client has a refresh token that works
      When the client revokes its refresh token
      Then the server confirms the revocation
      When the client uses the revoked refresh token
      Then the server refuses it

    @RV-02
    Scenario: Revoking the refresh token ends its access tokens
      Given the client has a refresh token that works
      And the API serves the client's access token
      When the client revokes its refresh token
      And the client reads with its old access token
      Then the access token is dead

    @RV-06
    Scenario: A wrong or unknown token type hint does not prevent the revocation
      Given the client has a refresh token that works
      When the client revokes refresh tokens under these hints and uses them again
        | hint             |
        | access_token     |
        | no_kind_of_token |
      Then the server confirms each revocation
      And the server refuses each

  Rule: An access token can be revoked, or the server says that it cannot

    @RV-03
    Scenario: A revoked access token is dead, or the server says that it cannot do that
      Given the client has tokens
      And the API serves the client's access token
      When the client revokes its access token
      And the client reads with its old access token
      Then the access token is dead, unless the server said that it revokes none

  Rule: There is nothing wrong with revoking what is dead already

    @RV-04
    Scenario: Revoking an unknown or already revoked token is a success
      When the client revokes a token that never was
      And the client revokes one access token twice
      Then the server confirms each revocation

  Rule: Nobody else can end a connection

    @RV-05
    Scenario: Only the client that holds a token can revoke it
      Given the client has a refresh token that works
      When others try to revoke the client's refresh token
      Then the refresh token survives and each of them is refused
