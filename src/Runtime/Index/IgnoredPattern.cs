namespace Lanyard.Index;

/// <summary>A declared pattern with the places of the modules that it is declared for.</summary>
internal sealed class IgnoredPattern(IgnoreEntry entry)
{
    public IgnoreEntry Entry { get; } = entry;

    /// <summary>The patterns of full names, one for each module.</summary>
    public List<string> Places { get; } = new(1);
}
