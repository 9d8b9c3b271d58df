require "openssl"
require "uri"

def sign(key, target)
  path, query = target.split("?", 2)
  pairs = URI.decode_www_form(query.to_s).reject { |name, _| name == "sign" }
  pairs = pairs.each_with_index.sort_by { |(name, _), place| [name.b, place] }.map(&:first)
  escape = ->(text) { URI.encode_www_form_component(text).gsub("*", "%2A").gsub("%7E", "~") }
  query = pairs.map { |name, value| "#{escape[name]}=#{escape[value]}" }.join("&")
  decoded = path.b.gsub(/%\h\h/) { |code| code[1, 2].hex.chr }
  mac = OpenSSL::HMAC.digest("SHA256", key, decoded + query)
  "#{path}?#{query}&sign=#{[mac].pack("m0").tr("+/", "-_").delete("=")}"
end

puts sign(ARGV[0], ARGV[1])
