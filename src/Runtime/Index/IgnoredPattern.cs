namespace Lanyard.Index;

/// <summary>A declared pattern with the places of the modules that it is declared for.</summary>
internal sealed class IgnoredPattern(string text, bool isOptional)
{
    /// <summary>The pattern below a module.</summary>
    public string Text { get; } = text;

    /// <summary>Whether a checkpoint may do without such tensors.</summary>
    public bool IsOptional { get; } = isOptional;

    /// <summary>The patterns of full names, one for each module.</summary>
    public List<string> Places { get; } = new(1);
}
