namespace Lanyard.Checkpoints;

/// <summary>The tensors of some files that say that they are pieces of others.</summary>
internal sealed class PieceTable
{
    private readonly SortedDictionary<string, List<CheckpointTensor>> _pieces = new(StringComparer.Ordinal);
    private readonly Dictionary<(string File, string Name), string> _names = [];

    private PieceTable()
    {
    }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _names.Count == 0;

    /// <summary>The tensors that they are pieces of.</summary>
    public IEnumerable<string> Names => _pieces.Keys;

    /// <summary>Reads what files say.</summary>
    /// <param name="files">The files.</param>
    /// <param name="problems">What is wrong is added.</param>
    public static PieceTable Of(SortedDictionary<string, CheckpointFile> files, List<string> problems)
    {
        PieceTable table = new();
        foreach (CheckpointFile file in files.Values)
        {
            foreach ((string key, CheckpointTensor piece) in ShardingInfo.Pieces(file, problems))
            {
                table._names.Add((file.Name, key), piece.Name);
                if (!table._pieces.TryGetValue(piece.Name, out List<CheckpointTensor>? pieces))
                {
                    table._pieces.Add(piece.Name, pieces = []);
                }

                pieces.Add(piece);
            }
        }

        return table;
    }

    /// <summary>The tensor that one of a header is a piece of, or null.</summary>
    public string? NameOf(CheckpointTensor stored) => IsEmpty ? null : _names.GetValueOrDefault((stored.File, stored.Name));

    /// <summary>The files that have pieces of a tensor.</summary>
    public IEnumerable<string> Holders(string name) => _pieces.TryGetValue(name, out List<CheckpointTensor>? pieces) ? pieces.Select(piece => piece.File).Distinct(StringComparer.Ordinal) : [];

    /// <summary>The tensor that the pieces of a name make up, or null where they do not.</summary>
    /// <param name="name">The name.</param>
    /// <param name="problems">What is wrong is added.</param>
    public CheckpointTensor? Whole(string name, List<string> problems) => PiecedTensor.Of(_pieces[name], problems);
}
