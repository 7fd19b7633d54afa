@journey
Feature: Connecting an advertising platform
  Maya links her advertising account to MINT: she leaves MINT, proves who she
  is at the Platform, allows access there, and is back with her campaigns.

  Rule: Allowing access brings the customer back to MINT with her campaigns

    @S000-02 @S000-04 @S000-05 @S000-06 @S000-08 @S000-09 @S000-20 @U-02 @U-05 @UI-01 @CG-01 @containers
    Scenario Outline: Maya sees her campaigns after she allows access
      Given a <platform> platform
      When Maya connects the platform
      Then Maya sees her 6 campaigns
      And her way led from MINT to the login, the consent and back to MINT
      And MINT shows the platform as connected

      @mint @S000-01
      Examples:
        | why                          | platform |
        | the refresh token slides     | mint     |

      @mailup @S001-10 @S002-03 @S002-12
      Examples:
        | why                          | platform |
        | the refresh token rotates    | mailup   |

      @service @S003-08 @S003-09 @S003-10 @S003-11
      Examples:
        | why                          | platform |
        | Maya picks what MINT may do  | service  |

    @mailup @S000-15 @S000-23 @S000-36 @S001-05 @S001-06 @UI-07 @CL-11 @CL-22 @CL-24 @CL-25
    Scenario: The exchange happens behind the customer's back
      Given a mailup platform
      When Maya connects the platform
      Then her browser has called only MINT and the platform
      And her browser has never called the token endpoint
      And her browser has never carried the client secret
      And the address of the page she is on carries no code
      And MINT has exchanged one code within 10 seconds

  Rule: MINT lists every platform with the state of its connection

    @mint @mailup @S000-18 @S000-19 @S002-04 @U-01 @U-02 @CL-13 @containers
    Scenario: The list shows which platform is connected
      Given a mint platform and a mailup platform
      When Maya connects the mailup platform
      Then MINT lists the mailup platform as connected
      And MINT lists the mint platform as not connected
      And MINT has never asked her for a password

  Rule: An exchange that fails leaves nothing half connected

    @mailup @U-05 @S000-28 @CL-21
    Scenario: A failed exchange leaves the platform unconnected
      Given a mailup platform
      And the platform fails the next exchange
      When Maya tries to connect the platform
      Then Maya is told that the platform was not connected
      And MINT shows the platform as not connected

    @service @U-05 @CL-21 @TX-07
    Scenario: A lost answer to the exchange is not asked for again with the same code
      Given a service platform
      And the platform loses its answer to the next exchange
      When Maya tries to connect the platform
      Then Maya is told that the platform was not connected
      And MINT shows the platform as not connected
      And MINT has presented each code once
