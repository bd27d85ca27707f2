namespace Lanyard.Names;

/// <summary>What one side, a file or a model, calls things.</summary>
internal sealed class NameVocabulary
{
    /// <summary>How many parts of a name are looked at: they have ten or so, and may come from anybody.</summary>
    public const int MostParts = 32;

    private readonly HashSet<string> _words = new(StringComparer.Ordinal);
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    /// <param name="names">All names of the side.</param>
    public NameVocabulary(IEnumerable<string> names)
    {
        foreach (var shape in names.Select(NameFolding.Shape).Distinct())
        {
            for (var (end, parts) = (0, 0); end < shape.Length && parts < MostParts; end++, parts++)
            {
                var start = end;
                end = shape.IndexOf('.', start) is >= 0 and var dot ? dot : shape.Length;
                _paths.Add(shape[..end]);
                _words.UnionWith(NameWords.Of(shape[start..end]));
            }
        }
    }

    /// <summary>Whether any name has the word.</summary>
    public bool HasWord(string word) => _words.Contains(word);

    /// <summary>Whether a name begins with a path, numbers aside, or is it.</summary>
    public bool HasPath(string shape) => _paths.Contains(shape);
}
