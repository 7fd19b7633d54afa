@protocol
Feature: Bearer tokens at the API
  The API serves a live access token within its scope, for its customer, and
  nothing else.

  Rule: Each token is good for its own purpose only

    @S000-30 @RF-07 @CL-58
    Scenario Outline: A refresh token does not open the API
      Given a <platform> platform
      And the client holds tokens of Maya
      When the client reads the campaigns with its refresh token
      Then the answer is 401 with the challenge invalid_token

      @mint
      Examples:
        | why                  | platform |
        | sliding              | mint     |

      @mailup
      Examples:
        | why                  | platform |
        | rotating             | mailup   |

      @service
      Examples:
        | why                  | platform |
        | rotating with grace  | service  |

      @mindbaz
      Examples:
        | why                  | platform |
        | 32 hex digits        | mindbaz  |

    @S000-30 @RF-07
    Scenario Outline: An access token does not refresh
      Given a <platform> platform
      And the client holds tokens of Maya
      When the client refreshes with its access token
      Then the answer is <status> invalid_grant

      @mint
      Examples:
        | why          | platform | status |
        | opaque       | mint     | 400    |

      @mindbaz
      Examples:
        | why          | platform | status |
        | a JWT        | mindbaz  | 401    |

    @mint @mindbaz @PR-09 @S000-21
    Scenario: A token of one platform is unknown at another
      Given a mindbaz platform and a mint platform
      And the client holds tokens of Maya at the mindbaz platform
      When the client reads the campaigns of the mint platform
      Then the answer is 401 with the challenge invalid_token

  Rule: Only a live access token is served

    @mindbaz @S004-18 @PR-01
    Scenario Outline: The word Bearer is read in any case
      Given a mindbaz platform
      And the client holds tokens of Maya
      When the client reads the campaigns with its access token as <word>
      Then the answer is 200
      And it lists 6 campaigns

      Examples:
        | why               | word   |
        | the RFC's         | Bearer |
        | the sample's      | bearer |
        | somebody's        | BEARER |

    @mint @S003-03 @PR-02
    Scenario: Without a token the challenge names no error
      Given a mint platform
      When the client reads the campaigns with no token
      Then the answer is 401 with a bare challenge

    @mindbaz @S003-04 @S003-12 @S004-20 @PR-03 @PR-04
    Scenario: A token past its end is refused
      Given a mindbaz platform
      And the client holds tokens of Maya
      And 1201 seconds have passed
      When the client reads the campaigns
      Then the answer is 401 with the challenge invalid_token

    @mindbaz @PR-06
    Scenario: A token in the query string does not count
      Given a mindbaz platform
      And the client holds tokens of Maya
      When the client reads the campaigns with its access token in the query
      Then the answer is 401 with a bare challenge

  Rule: A token reaches as far as its customer's consent

    @service @S003-02 @PR-05 @RR-04
    Scenario: Reading does not cover changing
      Given a service platform
      And the client holds tokens of Maya for ads.read
      And the client has refreshed 1 time
      When the client changes a campaign
      Then the answer is 403 with the challenge insufficient_scope
      And that campaign is unchanged

    @service @S000-12 @PR-05
    Scenario: Reading covers a report that is asked for by POST
      Given a service platform
      And the client holds tokens of Maya for ads.read
      When the client queries the figures of a campaign
      Then the answer is 200
      And the platform has noted no change

    @service @S000-12 @PR-05
    Scenario: Reading does not cover a report that the platform takes for a change
      Given a service platform with resource_server.mutating_operations=[update_campaign,query_metrics]
      And the client holds tokens of Maya for ads.read
      When the client queries the figures of a campaign
      Then the answer is 403 with the challenge insufficient_scope
      And the platform has noted no change

    @mindbaz @S003-01 @PR-08
    Scenario: Another customer's campaign does not exist
      Given a mindbaz platform
      And the client holds tokens of Oskar
      When the client reads a campaign of Maya
      Then the answer is 404

  Rule: The API pages and filters

    @mindbaz @S003-05 @S004-43
    Scenario: Campaigns come page by page
      Given a mindbaz platform
      And the client holds tokens of Maya
      When the client reads the campaigns 4 at a time
      Then the answer lists 4 campaigns and leads to the next page
      And the next page lists 2 campaigns
