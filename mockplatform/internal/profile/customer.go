package profile

import (
	"crypto/sha256"
	"crypto/subtle"
)

// Customer finds a test customer by the profile's key ("maya").
func (p *Profile) Customer(key string) (Customer, bool) {
	c, ok := p.Customers[key]
	c.Key = key
	return c, ok
}

// CustomerByUsername finds a test customer by login name, compared exactly.
func (p *Profile) CustomerByUsername(username string) (Customer, bool) {
	if username == "" {
		return Customer{}, false
	}
	for key, c := range p.Customers {
		if c.Username == username {
			c.Key = key
			return c, true
		}
	}
	return Customer{}, false
}

// Login answers the customer whose username and password these are. It works
// as long for an unknown name as for a wrong password, and compares in
// constant time; empty input never fits.
func (p *Profile) Login(username, password string) (Customer, bool) {
	c, known := p.CustomerByUsername(username)
	want, got := sha256.Sum256([]byte(c.Password)), sha256.Sum256([]byte(password))
	same := subtle.ConstantTimeCompare(want[:], got[:]) == 1
	if !known || !same || password == "" {
		return Customer{}, false
	}
	return c, true
}
