import base64, hashlib, hmac, sys
from urllib.parse import parse_qsl, quote_plus, unquote_to_bytes

def sign(key, target):
    path, _, query = target.partition("?")
    pairs = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != "sign"]
    pairs.sort(key=lambda pair: pair[0].encode())
    query = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)
    mac = hmac.new(key.encode(), unquote_to_bytes(path) + query.encode(), hashlib.sha256)
    signature = base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()
    return f"{path}?{query}&sign={signature}"

print(sign(sys.argv[1], sys.argv[2]))
