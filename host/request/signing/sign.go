package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"os"
)

func sign(key, target string) (string, error) {
	address, err := url.Parse(target)
	if err != nil {
		return "", err
	}
	query := address.Query()
	query.Del("sign")
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(address.Path + query.Encode()))
	query.Set("sign", base64.RawURLEncoding.EncodeToString(mac.Sum(nil)))
	address.RawQuery = query.Encode()
	return address.String(), nil
}

func main() {
	signed, err := sign(os.Args[1], os.Args[2])
	if err != nil {
		panic(err)
	}
	fmt.Println(signed)
}
