<#
.SYNOPSIS
JSON by RFC 8259 and nothing beside it, read by hand: .NET Framework has no reader that refuses what the rules do not allow.
#>
function ConvertFrom-StrictJson {
    # The value that a text stands for: ordered tables, arrays, texts, whole numbers as long, others as double, true, false, null. Throws
    # words that say what is wrong.
    param([string]$Text, [int]$MaxDepth = 16)
    # A mark, a string, a number or a name, with the blanks before it.
    $pattern = [regex]::new('\G[\x20\t\r\n]*(?:([\[\]{},:])|"((?>[^"\\\x00-\x1f]+|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*)"|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(true|false|null))')
    $open = [System.Collections.Generic.List[object]]::new()
    $names = [System.Collections.Generic.List[object]]::new()
    $at = 0
    # What comes next: 0 a value, 1 a value or ], 2 a name, 3 a name or }, 4 a colon, 5 a comma or an end, 6 nothing.
    $next = 0
    while ($next -ne 6) {
        $token = $pattern.Match($Text, $at)
        if (-not $token.Success) { throw 'it is not JSON' }
        $at += $token.Length
        $isEnd = $false
        if ($token.Groups[1].Success) {
            $mark = $token.Groups[1].Value
            if ([string]::Equals($mark, ':') -or [string]::Equals($mark, ',')) {
                if ([string]::Equals($mark, ':') -ne ($next -eq 4) -or [string]::Equals($mark, ',') -ne ($next -eq 5)) { throw 'it is not JSON' }
                if ($next -eq 5 -and $open[$open.Count - 1] -is [System.Collections.IDictionary]) { $next = 2 } else { $next = 0 }
                continue
            }
            if ([string]::Equals($mark, '{') -or [string]::Equals($mark, '[')) {
                if ($next -gt 1) { throw 'it is not JSON' }
                if ($open.Count -ge $MaxDepth) { throw 'it is nested too deeply' }
                $names.Add($null)
                if ([string]::Equals($mark, '{')) {
                    $open.Add([ordered]@{})
                    $next = 3
                } else {
                    $open.Add([System.Collections.Generic.List[object]]::new())
                    $next = 1
                }
                continue
            }
            if ($open.Count -eq 0) { throw 'it is not JSON' }
            $value = $open[$open.Count - 1]
            $isTable = $value -is [System.Collections.IDictionary]
            if ($isTable -ne [string]::Equals($mark, '}')) { throw 'it is not JSON' }
            if ($next -ne 5 -and -not ($isTable -and $next -eq 3) -and -not (-not $isTable -and $next -eq 1)) { throw 'it is not JSON' }
            if (-not $isTable) { $value = $value.ToArray() }
            $open.RemoveAt($open.Count - 1)
            $names.RemoveAt($names.Count - 1)
            $isEnd = $true
        } elseif ($token.Groups[2].Success) {
            $value = ConvertFrom-JsonString -Raw $token.Groups[2].Value
            if ($next -eq 2 -or $next -eq 3) {
                if ($open[$open.Count - 1].Contains($value)) { throw 'it names a member twice' }
                $names[$names.Count - 1] = $value
                $next = 4
                continue
            }
        } elseif ($token.Groups[3].Success) {
            $value = ConvertFrom-JsonNumber -Raw $token.Groups[3].Value
        } else {
            $value = $null
            if ([string]::Equals($token.Groups[4].Value, 'true')) { $value = $true }
            if ([string]::Equals($token.Groups[4].Value, 'false')) { $value = $false }
        }
        if (-not $isEnd -and $next -gt 1) { throw 'it is not JSON' }
        $next = 5
        if ($open.Count -eq 0) {
            $next = 6
        } elseif ($open[$open.Count - 1] -is [System.Collections.IDictionary]) {
            $open[$open.Count - 1][$names[$names.Count - 1]] = $value
        } else {
            $open[$open.Count - 1].Add($value)
        }
    }
    if ($Text.Substring($at) -match '[^\x20\t\r\n]') { throw 'it is not JSON' }
    , $value
}

function ConvertFrom-JsonString {
    # What stands between the quotes, without escapes. Half a character is no text.
    param([string]$Raw)
    $text = $Raw
    if ($Raw.IndexOf([char]'\') -ge 0) {
        $builder = [System.Text.StringBuilder]::new()
        for ($i = 0; $i -lt $Raw.Length; $i++) {
            if ($Raw[$i] -ne [char]'\') {
                $null = $builder.Append($Raw[$i])
                continue
            }
            $i++
            $escape = 'bfnrt'.IndexOf([char]$Raw[$i])
            if ([string]::Equals([string]$Raw[$i], 'u')) {
                $null = $builder.Append([char][Convert]::ToInt32($Raw.Substring($i + 1, 4), 16))
                $i += 4
            } elseif ($escape -ge 0) {
                $null = $builder.Append([char](8, 12, 10, 13, 9)[$escape])
            } else {
                $null = $builder.Append($Raw[$i])
            }
        }
        $text = $builder.ToString()
    }
    if ($text -match '[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]') { throw 'a text in it is no Unicode' }
    $text
}

function ConvertFrom-JsonNumber {
    # A whole number of 64 bits, or a double.
    param([string]$Raw)
    $whole = [long]0
    if ([long]::TryParse($Raw, 'AllowLeadingSign', [cultureinfo]::InvariantCulture, [ref]$whole)) { return $whole }
    $part = [double]0
    # A number that is too large is refused by .NET Framework, and infinite elsewhere.
    if (-not [double]::TryParse($Raw, 'Float', [cultureinfo]::InvariantCulture, [ref]$part) -or [double]::IsInfinity($part)) { throw 'a number in it is too large' }
    $part
}
