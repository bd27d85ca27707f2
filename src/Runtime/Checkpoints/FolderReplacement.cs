using System.Text.RegularExpressions;

namespace Lanyard.Checkpoints;

/// <summary>
/// How a checkpoint in a folder is replaced so that at every moment the old one or the new one is there, whole: no new file takes a
/// name that the old index uses, and one rename or one removal makes the new checkpoint the one that readers find.
/// </summary>
internal sealed partial class FolderReplacement
{
    private readonly string _folder;
    private readonly HashSet<string> _old;

    /// <summary>Looks at what the folder has, and chooses names for the files to come.</summary>
    /// <param name="folder">The full path of the folder.</param>
    /// <param name="count">How many files the new checkpoint has.</param>
    public FolderReplacement(string folder, int count)
    {
        _folder = folder;
        _old = OldFiles(Path.Combine(folder, SafetensorsIndex.FileName));
        Names = Choose(count, _old);
    }

    /// <summary>The names of the new files, without folder and without the index.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether an index names them: all but a lone <c>model.safetensors</c>.</summary>
    public bool HasIndex => Names is not [SafetensorsIndex.SingleFileName];

    /// <summary>Whether a file of this name may be one of an export's.</summary>
    /// <param name="name">The name, without folder.</param>
    public static bool IsOurs(string name) =>
        name is SafetensorsIndex.SingleFileName or SafetensorsIndex.FileName || FilePattern().IsMatch(name) || EditionPattern().IsMatch(name);

    /// <summary>Gives the new files their names and removes the old ones.</summary>
    /// <param name="files">The files, whole and under temporary names; the index, if there is one, is the last.</param>
    public void Commit(List<PendingFile> files)
    {
        // Readers look for the index first. With an index, its renaming is the moment at which the new checkpoint is there; without
        // one, the removal of the old index is, and where there is none, the renaming of the one file.
        files.ForEach(file => file.Commit());
        File.Delete(Path.Combine(_folder, HasIndex ? SafetensorsIndex.SingleFileName : SafetensorsIndex.FileName));
        foreach (string name in Leftovers())
        {
            try
            {
                File.Delete(Path.Combine(_folder, name));
            }
            catch (Exception e) when (CheckpointFile.IsInputOutput(e))
            {
                // Nothing names this file any more. It costs room, not truth.
            }
        }
    }

    // What the old index named, and editions that no index names: of an export that was killed.
    // A list, or the folder would be enumerated while files are removed from it.
    private IEnumerable<string> Leftovers() => _old.Where(name => FilePattern().IsMatch(name))
        .Concat(Directory.EnumerateFiles(_folder).Select(path => Path.GetFileName(path)).Where(name => EditionPattern().IsMatch(name)))
        .Except(Names, StringComparer.OrdinalIgnoreCase)
        .ToList();

    private static IReadOnlyList<string> Choose(int count, HashSet<string> old)
    {
        string[] names = [SafetensorsIndex.SingleFileName];
        for (int edition = 1; (count > 1 && edition == 1) || old.Overlaps(names); edition++)
        {
            string prefix = edition == 1 ? "model" : $"model-{edition}";
            names = [.. Enumerable.Range(1, count).Select(i => $"{prefix}-{i:D5}-of-{count:D5}.safetensors")];
        }

        return names;
    }

    // The files that the index names; none if it cannot be understood, for then there is no checkpoint to keep. Case does not matter
    // to some file systems.
    private static HashSet<string> OldFiles(string index)
    {
        try
        {
            return new HashSet<string>(File.Exists(index) ? SafetensorsIndex.Read(index).Values : [], StringComparer.OrdinalIgnoreCase);
        }
        catch (CheckpointException)
        {
            return [];
        }
    }

    [GeneratedRegex(@"\Amodel-[0-9]{5,}-of-[0-9]{5,}\.safetensors\z", RegexOptions.CultureInvariant)]
    private static partial Regex FilePattern();

    [GeneratedRegex(@"\Amodel-[0-9]+-[0-9]{5,}-of-[0-9]{5,}\.safetensors\z", RegexOptions.CultureInvariant)]
    private static partial Regex EditionPattern();
}
