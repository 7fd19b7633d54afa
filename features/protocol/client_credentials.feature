@protocol
Feature: Client credentials
  An application signs in as itself and reaches its own account, no more.

  Rule: Right credentials earn an access token and nothing else

    @service @S003-26 @S003-28 @CC-01 @CC-03
    Scenario: The application gets an access token without a refresh token
      Given a service platform
      When the client asks for its own access token
      Then the answer holds a Bearer access token for 3600 seconds
      And the answer holds no refresh token

    @service @S003-27 @CC-05
    Scenario: A profile may take everything in the query string
      Given a service platform
      When the client asks for its own access token with its secret in the query
      Then the answer holds a Bearer access token for 3600 seconds
      And the journal holds the secret nowhere

    @service @S003-28 @CC-02 @TK-10
    Scenario: A wrong secret earns nothing
      Given a service platform
      When the client asks for its own access token with a wrong secret
      Then the answer is 401 invalid_client
      And the answer holds no token

    @service @TK-09 @S003-13
    Scenario: A client that may not use the grant is refused
      Given a service platform with a second client
      When the second client asks for its own access token
      Then the answer is 400 unauthorized_client
      And the answer holds no token

    @service @TK-13
    Scenario: Two ways of authentication at once are refused
      Given a service platform
      When the client asks for its own access token with its secret sent twice
      Then the answer is 400 invalid_request
      And the answer holds no token

  Rule: The application's token opens the application's account only

    @service @S003-22 @S003-29 @CC-04
    Scenario: Its own account is open
      Given a service platform
      And the client holds its own access token
      When the client reads its own account
      Then the answer is 200
      And it tells the client's name, website and redirect URI

    @service @S003-22 @CC-04
    Scenario: Customers' campaigns are closed
      Given a service platform
      And the client holds its own access token
      When the client reads the campaigns
      Then the answer is 403
      And it shows no campaign

    @service @RG-06
    Scenario: A customer's token does not open the application's account
      Given a service platform
      And the client holds tokens of Maya
      When the client reads its own account
      Then the answer is 403

    @service @S003-23 @RG-04
    Scenario: The description can be changed
      Given a service platform
      And the client holds its own access token
      When the client changes its description to "Reads and suggests"
      Then the answer is 200
      And its own account has the description "Reads and suggests"

    @service @S003-24 @RG-05 @RG-03
    Scenario Outline: A new redirect URI must be as good as a registered one
      Given a service platform
      And the client holds its own access token
      When the client changes its redirect URI to <new>
      Then the answer is <status>
      And its own account has the <kept> redirect URI

      Examples:
        | why                      | new                                  | status | kept |
        | an address on loopback   | "http://127.0.0.1:9999/elsewhere"    | 200    | new  |
        | a path is no address     | "/elsewhere"                         | 400    | old  |
        | fragments are forbidden  | "https://app.example.test/cb#there"  | 400    | old  |
        | plain http off loopback  | "http://app.example.com/cb"          | 400    | old  |
