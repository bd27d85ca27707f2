namespace Lanyard.Checkpoints;

/// <summary>The open files of a checkpoint, by what it calls them.</summary>
internal sealed class CheckpointFiles : IDisposable
{
    private const int MaxMissing = 20;

    private CheckpointFiles()
    {
    }

    /// <summary>Those that could be opened.</summary>
    public SortedDictionary<string, CheckpointFile> Opened { get; } = new(StringComparer.Ordinal);

    /// <summary>Which tensors of them the checkpoint has.</summary>
    public TensorTable Table { get; private set; } = null!;

    /// <summary>Opens files, and finds out which of their tensors make up the checkpoint.</summary>
    /// <param name="blamed">The file or folder to name where something is wrong with them together.</param>
    /// <param name="files">Their names and paths.</param>
    /// <param name="table">The tensors of those that could be opened.</param>
    /// <param name="check">What else is wrong with those together.</param>
    /// <exception cref="CheckpointException">Files are missing, cannot be read, or do not go together.</exception>
    public static CheckpointFiles Open(
        string blamed,
        IReadOnlyCollection<(string Name, string Path)> files,
        Func<SortedDictionary<string, CheckpointFile>, TensorTable> table,
        Func<SortedDictionary<string, CheckpointFile>, IEnumerable<string>>? check = null)
    {
        CheckpointFiles all = new();
        bool complete = false;
        try
        {
            // Of one file that is asked for itself it is the file that is wrong, not the checkpoint.
            List<string> problems = files.Count == 1 && blamed == files.First().Path ? all.OpenOnly(files.First()) : all.OpenEach(files);
            problems.AddRange(check?.Invoke(all.Opened) ?? []);
            all.Table = table(all.Opened);
            problems.AddRange(all.Table.Problems);
            complete = problems.Count == 0;
            return complete ? all : throw new CheckpointException(blamed, problems);
        }
        finally
        {
            if (!complete)
            {
                all.Dispose();
            }
        }
    }

    /// <summary>Closes them.</summary>
    public void Dispose()
    {
        foreach (CheckpointFile file in Opened.Values)
        {
            file.Dispose();
        }
    }

    private List<string> OpenOnly((string Name, string Path) file)
    {
        Opened.Add(file.Name, CheckpointFile.Open(file.Path, file.Name));
        return [];
    }

    private List<string> OpenEach(IEnumerable<(string Name, string Path)> files)
    {
        List<string> problems = [];
        List<string> missing = [];
        foreach ((string name, string path) in files)
        {
            if (!FolderLinks.Has(path))
            {
                missing.Add(name);
                continue;
            }

            try
            {
                Opened.Add(name, CheckpointFile.Open(path, name));
            }
            catch (CheckpointException e)
            {
                problems.AddRange(e.Problems.Select(problem => $"{name}: {problem}"));
            }
        }

        if (missing.Count > 0)
        {
            problems.Insert(0, $"files are missing: {string.Join(", ", missing.Take(MaxMissing))}{(missing.Count > MaxMissing ? $" and {missing.Count - MaxMissing} more" : "")}.");
        }

        return problems;
    }
}
