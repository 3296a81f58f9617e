<#
.SYNOPSIS
The half of the module that runs in the user's session, on Windows PowerShell 5.1: values in, one result out.
#>
function Read-CallValue {
    param([string]$LiteralPath)
    $wire = [System.Management.Automation.PSSerializer]::Deserialize([System.IO.File]::ReadAllText($LiteralPath))
    $bound = @{}
    for ($i = 0; $i -lt $wire['n'].Count; $i++) { $bound["$($wire['n'][$i])"] = Restore-CallValue -Wire $wire['v'][$i] }
    $bound
}

function Restore-CallValue {
    param([object]$Wire)
    if (-not ($Wire -is [hashtable])) { return $Wire }
    if ([string]::Equals($Wire['k'], 'a')) {
        $items = [object[]]@(foreach ($item in $Wire['v']) { , (Restore-CallValue -Wire $item) })
        return , $items
    }
    $members = [ordered]@{}
    for ($i = 0; $i -lt $Wire['n'].Count; $i++) { $members["$($Wire['n'][$i])"] = Restore-CallValue -Wire $Wire['v'][$i] }
    [pscustomobject]$members
}

function Add-UserOutput {
    # Records of the streams go beside the output; there is an end to both.
    param([object]$Item, [System.Collections.ArrayList]$Output, [System.Collections.ArrayList]$Records)
    $stream = $null
    if ($Item -is [System.Management.Automation.VerboseRecord]) { $stream = 'verbose' }
    if ($Item -is [System.Management.Automation.WarningRecord]) { $stream = 'warning' }
    if ($Item -is [System.Management.Automation.DebugRecord]) { $stream = 'debug' }
    if ($Item -is [System.Management.Automation.InformationRecord]) { $stream = 'information' }
    if ($null -eq $stream) { $null = $Output.Add($Item); return }
    if ($Records.Count -ge 200) { return }
    $text = "$Item"
    if ($text.Length -gt 1000) { $text = $text.Substring(0, 1000) }
    $null = $Records.Add(@{ stream = $stream; text = $text })
}

function Write-UserResult {
    # Written beside and renamed: whoever waits for the name never sees half of it.
    param([string]$Folder, [string]$Nonce, [System.Collections.ArrayList]$Output, [object]$Failure, [System.Collections.ArrayList]$Records)
    $result = [ordered]@{ nonce = $Nonce; ok = $true; output = $Output; records = $Records }
    if ($null -ne $Failure) {
        $message = "$($Failure.Exception.Message)"
        $code = "$($Failure.FullyQualifiedErrorId)"
        # `throw 'some-code'` gives that text as the id and as the message; anything else is an error of the script.
        if (-not [string]::Equals($code, $message) -or $code -cnotmatch '\A[a-z][a-z0-9]*(-[a-z0-9]+)*\z') { $code = 'script-error' } else { $message = '' }
        if ($message.Length -gt 1000) { $message = $message.Substring(0, 1000) }
        $result = [ordered]@{ nonce = $Nonce; ok = $false; code = $code; message = $message; records = $Records }
    }
    $builder = [System.Text.StringBuilder]::new()
    try {
        Add-JsonText -Builder $builder -Value $result -Depth 0
    } catch {
        $builder = [System.Text.StringBuilder]::new()
        Add-JsonText -Builder $builder -Depth 0 -Value ([ordered]@{ nonce = $Nonce; ok = $false; code = 'malformed-output'; message = "$($_.Exception.Message)"; records = @() })
    }
    $path = [System.IO.Path]::Combine($Folder, 'out', 'result')
    [System.IO.File]::WriteAllText($path + '.tmp', $builder.ToString(), [System.Text.UTF8Encoding]::new($false))
    [System.IO.File]::Move($path + '.tmp', $path + '.json')
}

function Add-JsonText {
    # The values that may leave a phase, and no others.
    param([System.Text.StringBuilder]$Builder, [object]$Value, [int]$Depth)
    if ($Depth -gt 12) { throw 'deeper than a value may be' }
    if ($null -eq $Value) { $null = $Builder.Append('null'); return }
    if ($Value -is [string]) { Add-JsonString -Builder $Builder -Text $Value; return }
    if ($Value -is [bool]) { $null = $Builder.Append($Value.ToString().ToLowerInvariant()); return }
    if ($Value -is [int] -or $Value -is [long] -or $Value -is [uint32] -or $Value -is [byte]) {
        $null = $Builder.Append($Value.ToString([cultureinfo]::InvariantCulture))
        return
    }
    if ($Value -is [double]) {
        if ([double]::IsNaN($Value) -or [double]::IsInfinity($Value)) { throw 'not a finite number' }
        $null = $Builder.Append($Value.ToString('R', [cultureinfo]::InvariantCulture))
        return
    }
    if ($Value -is [System.Collections.IDictionary]) {
        $separator = '{'
        foreach ($name in @($Value.Keys)) {
            $null = $Builder.Append($separator)
            Add-JsonString -Builder $Builder -Text "$name"
            $null = $Builder.Append(':')
            Add-JsonText -Builder $Builder -Value $Value[$name] -Depth ($Depth + 1)
            $separator = ','
        }
        if ([string]::Equals($separator, '{')) { $null = $Builder.Append('{') }
        $null = $Builder.Append('}')
        return
    }
    if ($Value -is [array] -or $Value -is [System.Collections.ArrayList] -or $Value -is [System.Collections.Generic.List[object]]) {
        $separator = '['
        foreach ($item in $Value) {
            $null = $Builder.Append($separator)
            Add-JsonText -Builder $Builder -Value $item -Depth ($Depth + 1)
            $separator = ','
        }
        if ([string]::Equals($separator, '[')) { $null = $Builder.Append('[') }
        $null = $Builder.Append(']')
        return
    }
    if ($Value.GetType().Name -cne 'PSCustomObject') { throw ($Value.GetType().FullName + ' is not a plain value') }
    $members = [ordered]@{}
    foreach ($property in $Value.PSObject.Properties) { $members[$property.Name] = $property.Value }
    Add-JsonText -Builder $Builder -Value $members -Depth $Depth
}

function Add-JsonString {
    # Plain ASCII: no encoding on the way can change it.
    param([System.Text.StringBuilder]$Builder, [string]$Text)
    $null = $Builder.Append('"')
    foreach ($character in $Text.ToCharArray()) {
        $number = [int]$character
        if ($number -lt 32 -or $number -gt 126 -or $number -eq 34 -or $number -eq 92) { $null = $Builder.Append('\u').Append($number.ToString('x4')) } else { $null = $Builder.Append($character) }
    }
    $null = $Builder.Append('"')
}
