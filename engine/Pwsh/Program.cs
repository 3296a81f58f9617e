// The official console of PowerShell, with the arguments of pwsh.
return Microsoft.PowerShell.ConsoleShell.Start("", "", args);
