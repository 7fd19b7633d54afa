@check
Feature: Refresh tokens, whatever their mode
  A refresh token is worth months of access. It renews the access of the client
  it was made for, within what the customer allowed and for as long as was said,
  and does nothing else.

  Rule: A refresh token renews access

    @RF-01
    Scenario: A refresh gives another access token that works
      Given the client has tokens
      When the client refreshes
      Then the server gives another access token
      And the API answers with data

    @RF-08
    Scenario: A refresh works shortly before and shortly after the end of an access token
      Given the client has tokens
      When the client refreshes shortly before the end of its access token
      And it refreshes again shortly after the end of an access token
      Then the server answers as it documents

  Rule: Nobody else profits from a refresh token

    @RF-02
    Scenario: A refresh without the client's secret is refused and spends nothing
      Given the client has tokens
      When a refresh is tried
        | with a wrong secret |
        | without a secret    |
      Then the server refuses each
      And the client's own refresh still works

    @RF-03
    Scenario: A refresh token works for its own client, and for no other
      Given the client has tokens
      And the second client refreshes with a token of its own
      When a refresh is tried
        | as the second client |
      Then the server refuses it

    @RF-04
    Scenario: Made-up and damaged refresh tokens are worth nothing
      Given the client has tokens
      When a refresh is tried
        | with a random refresh_token            |
        | with a shortened refresh_token         |
        | with a refresh_token one character off |
      Then the server refuses each
      And a refresh made in the right way works

    @RF-09
    Scenario: A public client's refresh token does not stay as it is
      Given the public client has tokens
      When the client refreshes, if it was given a refresh token
      Then its refresh token is replaced, bound to its sender, or was never given

  Rule: A refresh token opens what the customer allowed, for as long as was said

    @RF-05
    Scenario: A refresh widens no scope, and narrows none for good
      Given the client has tokens for one scope
      When the client refreshes for all scopes
      Then the server gives no more than the customer allowed
      When the client has tokens for all scopes, refreshes for one, and then for none in particular
      Then the second refresh has all scopes again

    @RF-06
    Scenario: A refresh token that nobody used has an end
      Given the client has tokens
      When the client leaves its refresh token unused past its life, and then presents it
      Then the server refuses it
      And a new refresh token works

    @RF-07
    Scenario: Refresh tokens do not open the API, and access tokens do not refresh
      Given the client has tokens
      And the API opens for the access token
      When the client calls the API with its refresh token
      And the client refreshes with its access token
      Then the server refuses each
      And a refresh made in the right way works
