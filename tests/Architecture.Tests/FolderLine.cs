namespace Lanyard.Architecture.Tests;

/// <summary>Folders in order: each uses only those before it, and those that stand side by side, as in <c>"Emit | Analyzers"</c>, do not use each other.</summary>
internal sealed class FolderLine
{
    private readonly Dictionary<string, int> _positions = [];

    public FolderLine(params IReadOnlyList<string> layers)
    {
        for (var i = 0; i < layers.Count; i++)
        {
            foreach (var folder in layers[i].Split('|', StringSplitOptions.TrimEntries)) _positions.Add(folder, i);
        }
    }

    public IEnumerable<string> Folders => _positions.Keys;

    /// <summary>The folder of the line that a folder belongs to: itself, or the nearest around it. A dot, for what lies in no folder, is around none.</summary>
    public string? Holding(string folder)
    {
        for (var outer = folder; outer.Length > 0; outer = outer[..Math.Max(outer.LastIndexOf('/'), 0)])
        {
            if (_positions.ContainsKey(outer)) return outer;
        }
        return null;
    }

    public bool Allows(string user, string used) => user == used || _positions[used] < _positions[user];
}
