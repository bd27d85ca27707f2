using System.Globalization;
using System.Text.RegularExpressions;

namespace Lanyard.Checkpoints;

/// <summary>A checkpoint in several GGUF files, <c>NAME-00001-of-00003.gguf</c> and so on, of which each says which one it is.</summary>
internal static partial class GgufSplit
{
    private const string NumberKey = "split.no";
    private const string CountKey = "split.count";
    private const string TensorsKey = "split.tensors.count";

    /// <summary>The names of all files of the checkpoint that a file is of, in order: its own alone, where it is not one of several.</summary>
    /// <param name="name">The name of the file.</param>
    public static string[] Names(string name)
    {
        if (Parts().Match(name) is { Success: true } match && Number(match.Groups[2]) is int count && Number(match.Groups[1]) is int number and > 0 && number <= count)
        {
            string stem = name[..match.Index];
            return [.. Enumerable.Range(1, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{stem}-{i:D5}-of-{count:D5}{GgufHeader.Extension}"))];
        }

        return [name];
    }

    /// <summary>What is wrong with those of some files that are numbered.</summary>
    public static IEnumerable<string> Problems(SortedDictionary<string, CheckpointFile> files) =>
        files.GroupBy(file => Names(Path.GetFileName(file.Key))[0], StringComparer.Ordinal)
            .SelectMany(set => Problems(new(set.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal), Names(set.Key)));

    /// <summary>What is wrong with the files together.</summary>
    /// <param name="files">Those that could be opened, by name.</param>
    /// <param name="names">The names that there should be.</param>
    public static IEnumerable<string> Problems(SortedDictionary<string, CheckpointFile> files, string[] names)
    {
        foreach ((string name, CheckpointFile file) in files)
        {
            int index = Array.IndexOf(names, Path.GetFileName(name));
            if (Wrong(file, CountKey, names.Length, names.Length > 1) is string count)
            {
                yield return $"{name}: {count}";
            }
            else if (Wrong(file, NumberKey, index, names.Length > 1) is string number)
            {
                yield return $"{name}: {number}";
            }
        }

        int tensors = files.Values.Sum(file => file.Header.Tensors.Count);
        if (files.Count == names.Length && Wrong(files.Values.First(), TensorsKey, tensors, required: false) is string sum)
        {
            yield return $"{sum} There are {tensors} tensors in all.";
        }
    }

    private static string? Wrong(CheckpointFile file, string key, int expected, bool required)
    {
        if (!file.Header.TypedMetadata.TryGetValue(key, out MetadataValue? value))
        {
            return required ? $"it has no {key}, and its name says that it is one of several." : null;
        }

        // A file that is whole says so with 0 or 1, and by a name of its own.
        Int128 found = value.Integer<Int128>();
        return found == expected || (key == CountKey && expected == 1 && found == 0) ? null : $"its {key} is {found}, but by its name it should be {expected}.";
    }

    private static int? Number(Group digits) => int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) is int number and > 0 ? number : null;

    [GeneratedRegex(@"-([0-9]{5})-of-([0-9]{5})\.gguf\z", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();
}
