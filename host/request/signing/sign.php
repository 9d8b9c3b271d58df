<?php
function sign(string $key, string $target): string {
    [$path, $query] = explode('?', $target, 2) + [1 => ''];
    $pairs = array_map(fn($pair) => array_map('urldecode', explode('=', $pair, 2) + [1 => '']), explode('&', $query));
    $pairs = array_filter($pairs, fn($pair) => $pair[0] !== 'sign' && $pair[0] !== '');
    usort($pairs, fn($one, $other) => strcmp($one[0], $other[0]));
    $escape = fn($text) => str_replace('%20', '+', rawurlencode($text));
    $query = implode('&', array_map(fn($pair) => $escape($pair[0]) . '=' . $escape($pair[1]), $pairs));
    $mac = hash_hmac('sha256', rawurldecode($path) . $query, $key, true);
    return "$path?$query&sign=" . rtrim(strtr(base64_encode($mac), '+/', '-_'), '=');
}

echo sign($argv[1], $argv[2]), "\n";
