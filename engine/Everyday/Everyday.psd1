@{
    RootModule        = 'Fixpoint.Everyday.dll'
    ModuleVersion     = '1.0.0'
    GUID              = '6d0c2b0a-5b0f-4f43-9f6a-0c4a4a6f7d11'
    Author            = 'The Fixpoint authors'
    Description       = 'The few everyday commands that phase scripts may count on where only the engine is present.'
    PowerShellVersion = '5.1'
    CmdletsToExport   = @('Out-String', 'Write-Output', 'Write-Error', 'Write-Warning', 'Write-Verbose', 'Write-Debug', 'Write-Information', 'Write-Progress', 'Start-Sleep', 'Get-Item', 'Get-ChildItem', 'Test-Path')
    FunctionsToExport = @()
    AliasesToExport   = @()
    VariablesToExport = @()
}
