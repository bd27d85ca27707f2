namespace Lanyard.Generator.Parsing;

/// <summary>What code does with a property that it names.</summary>
[Flags]
internal enum NameUse
{
    None = 0,
    Read = 1,
    Write = 2,
}
