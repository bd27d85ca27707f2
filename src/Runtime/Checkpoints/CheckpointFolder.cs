using System.Globalization;
using System.Text.RegularExpressions;

namespace Lanyard.Checkpoints;

/// <summary>Finds what in a folder is the checkpoint: an index, or files of which it is made.</summary>
internal static partial class CheckpointFolder
{
    private const int MaxShown = 10;
    private const string Snapshots = "snapshots";
    private const string References = "refs";
    private const string Main = "main";

    // Of the name of a commit; a file of another length is none.
    private const int MaxReferenceBytes = 1000;

    /// <summary>Whether a path is that of an index.</summary>
    public static bool IsIndex(string path) => IndexPattern().IsMatch(path);

    /// <summary>The files of the checkpoint of a folder, by their paths: an index alone, or all that have tensors.</summary>
    /// <exception cref="CheckpointException">There is none, or there are several, or files of it are missing.</exception>
    public static string[] Find(string folder)
    {
        string index = Path.Combine(folder, SafetensorsIndex.FileName);
        string single = Path.Combine(folder, SafetensorsIndex.SingleFileName);

        // The index first: FolderReplacement counts on it that readers look there first.
        if (FolderLinks.Has(index) || FolderLinks.Has(single))
        {
            return [FolderLinks.Has(index) ? index : single];
        }

        try
        {
            List<string[]> candidates = Candidates(folder);
            return candidates.Count == 1 ? [.. candidates[0].Select(name => Path.Combine(folder, name))]
                : candidates.Count > 1 ? throw new CheckpointException(folder, $"the folder has several checkpoints, {Shown(candidates.Select(files => files[0]))}: open one of the files, or list those that belong together.")
                : Directory.Exists(Path.Combine(folder, Snapshots)) ? Find(Snapshot(folder))
                : throw new CheckpointException(folder, ForeignFolder.Of(folder) ?? $"the folder has neither {SafetensorsIndex.FileName} nor {SafetensorsIndex.SingleFileName}, and no *{SafetensorsIndex.Extension} and no *{GgufHeader.Extension}.");
        }
        catch (Exception e) when (CheckpointFile.IsInputOutput(e))
        {
            throw new CheckpointException(folder, e.Message, e);
        }
    }

    /// <summary>The files of tensors in a folder that are none of some, by name.</summary>
    public static string[] Others(string folder, IEnumerable<string> files)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.' && (name.EndsWith(SafetensorsIndex.Extension, StringComparison.Ordinal) || name.EndsWith(GgufHeader.Extension, StringComparison.Ordinal))).Except(files, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (CheckpointFile.IsInputOutput(e))
        {
            throw new CheckpointException(folder, e.Message, e);
        }
    }

    private static List<string[]> Candidates(string folder)
    {
        string[] names = [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];
        string[] indices = [.. names.Where(IsIndex)];
        HashSet<string> indexed = new(indices.SelectMany(name => SafetensorsIndex.Read(Path.Combine(folder, name)).Values), StringComparer.Ordinal);
        string[] files = [.. names.Where(name => name.EndsWith(SafetensorsIndex.Extension, StringComparison.Ordinal) && !indexed.Contains(name))];
        string[] blocks = [.. names.Where(name => name.EndsWith(GgufHeader.Extension, StringComparison.Ordinal))];
        return
        [
            .. indices.Select(name => new[] { name }),
            .. files.GroupBy(Set, StringComparer.Ordinal).Select(set => Whole(folder, set)),
            .. blocks.GroupBy(name => GgufSplit.Names(name)[0], StringComparer.Ordinal).Select(set => new[] { set.First() }),
        ];
    }

    /// <summary>What files of one checkpoint have in common: of those of the ranks of one the pattern, of numbered ones what is around the number, of others their name.</summary>
    private static string Set(string name) => RankPattern().IsMatch(name) ? ""
        : NumberPattern().Match(name) is { Success: true } match ? $"{name[..match.Index]}/{match.Groups[2].Value}"
        : name;

    private static string[] Whole(string folder, IGrouping<string, string> set)
    {
        string[] names = [.. set];

        // A rank that held nothing of what a file has does not write it: whether all are there, the tensors say.
        if (set.Key.Length == 0 || NumberPattern().Match(names[0]) is not { Success: true } match)
        {
            return names;
        }

        int count = int.Parse(match.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture);
        HashSet<int> numbers = [.. names.Select(name => int.Parse(NumberPattern().Match(name).Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture))];
        int first = numbers.Contains(0) ? 0 : 1;
        int lacking = count - numbers.Count(number => number < first + count);
        if (lacking == 0 && numbers.Count == names.Length && numbers.Max() < first + count)
        {
            return names;
        }

        string format = $"D{match.Groups[1].Length}";
        IEnumerable<string> missing = Enumerable.Range(first, count).Where(number => !numbers.Contains(number)).Take(MaxShown)
            .Select(number => $"{names[0][..match.Index]}-{number.ToString(format, CultureInfo.InvariantCulture)}-of-{match.Groups[2].Value}{SafetensorsIndex.Extension}");
        throw new CheckpointException(folder, lacking > 0
            ? $"files are missing: {string.Join(", ", missing)}{(lacking > MaxShown ? $" and {lacking - MaxShown} more" : "")}."
            : $"of the files {names[0]} to {names[^1]} there are more than {count}.");
    }

    /// <summary>The snapshot that a folder in the cache layout of a hub stands for.</summary>
    private static string Snapshot(string folder)
    {
        string snapshots = Path.Combine(folder, Snapshots);
        string[] known = [.. Directory.EnumerateDirectories(snapshots).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        string reference = Path.Combine(folder, References, Main);
        if (!FolderLinks.Has(reference))
        {
            return known.Length == 1 ? Path.Combine(snapshots, known[0])
                : throw new CheckpointException(folder, known.Length == 0 ? "the cache has no snapshot: was the download completed?" : $"the cache has no {References}/{Main}, and the snapshots {Shown(known)}: open one of them.");
        }

        using FileStream stream = File.OpenRead(reference);
        byte[] text = new byte[MaxReferenceBytes];
        string name = System.Text.Encoding.UTF8.GetString(text, 0, stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false)).Trim();
        return known.Contains(name, StringComparer.Ordinal) ? Path.Combine(snapshots, name)
            : throw new CheckpointException(folder, $"{References}/{Main} names the snapshot {JsonCursor.Quote(name)}, which is not there{(known.Length == 0 ? "" : $"; there are {Shown(known)}")}: was the download completed?");
    }

    private static string Shown(IEnumerable<string> names) => string.Join(", ", names.Take(MaxShown)) + (names.Skip(MaxShown).Any() ? " and others" : "");

    [GeneratedRegex(@"\.safetensors\.index(\.[^./\\]+)?\.json\z", RegexOptions.CultureInvariant)]
    private static partial Regex IndexPattern();

    [GeneratedRegex(@"-([0-9]{1,7})-of-([0-9]{1,7})\.safetensors\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"\Ashard-[0-9]+-.+\.safetensors\z", RegexOptions.CultureInvariant)]
    private static partial Regex RankPattern();
}
