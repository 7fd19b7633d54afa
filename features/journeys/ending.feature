@journey
Feature: Ending a connection
  A customer ends MINT's access in MINT or at the Platform; from then on MINT
  makes no calls, and she may come back whenever she likes.

  Rule: A withdrawal at the Platform is noticed at MINT's next call

    @S000-02 @S000-40 @S003-04 @U-09 @U-13 @UI-12 @CL-59 @containers
    Scenario Outline: A withdrawn connection comes back with one consent
      Given a <platform> platform
      And Maya has connected the platform
      And Maya has withdrawn MINT's access at the platform
      And Maya has been asked to reconnect the platform
      When Maya reconnects the platform
      Then Maya sees her 6 campaigns
      And MINT shows the platform as connected

      @mint
      Examples:
        | why                  | platform |
        | after a revocation   | mint     |

      @mailup
      Examples:
        | why                  | platform |
        | the family has ended | mailup   |

      @service
      Examples:
        | why                  | platform |
        | scopes picked anew   | service  |

    @mindbaz @U-13 @U-15 @CL-59 @CL-70
    Scenario: A grant ended by the operator of a password platform asks for the API account again
      Given a mindbaz platform
      And Maya has connected the platform
      And the operator of the platform has ended Maya's grant
      When Maya looks at her campaigns
      Then Maya is asked to reconnect the platform
      And MINT has sent the password once

  Rule: Disconnecting in MINT ends everything

    @S000-02 @U-13 @CL-65 @RV-01 @containers
    Scenario Outline: Where the Platform takes revocations MINT gives its access back
      Given a <platform> platform
      And Maya has connected the platform
      When Maya disconnects the platform
      Then MINT shows the platform as disconnected
      And the platform holds no live token of Maya

      @mint
      Examples:
        | why                              | platform |
        | a sliding refresh token          | mint     |

      @mailup
      Examples:
        | why                              | platform |
        | the newest of a family           | mailup   |

      @service
      Examples:
        | why                              | platform |
        | the application's own stays      | service  |

    @mindbaz @S000-02 @U-13 @CL-65 @containers
    Scenario: After disconnecting MINT makes no more calls
      Given a mindbaz platform
      And Maya has connected the platform
      And Maya has disconnected the platform
      When Maya returns after 21 minutes
      Then MINT has sent nothing to the platform since
      And MINT shows the platform as disconnected

    @mint @U-13 @CL-66
    Scenario: A revocation that fails is made up for later
      Given a mint platform
      And Maya has connected the platform
      And the platform fails the next revocation
      And Maya has disconnected the platform
      When 10 minutes pass
      Then the platform holds no live token of Maya
      And MINT shows the platform as disconnected

  Rule: The customer may come back

    @mindbaz @U-15 @S004-05
    Scenario: Reconnecting a password platform takes the API account
      Given a mindbaz platform
      And Maya has connected the platform
      And Maya has returned after 8 days
      When Maya reconnects the platform
      Then Maya sees her 6 campaigns
      And MINT has sent the password 2 times
