using System.Text.Json;

namespace Lanyard.Checkpoints;

/// <summary>The index of a folder of files: which file holds each tensor.</summary>
internal static class SafetensorsIndex
{
    /// <summary>The name of the index in its folder.</summary>
    public const string FileName = "model.safetensors.index.json";

    /// <summary>The name of the only file in a folder without index.</summary>
    public const string SingleFileName = "model.safetensors";

    /// <summary>How the names of files of tensors end.</summary>
    public const string Extension = ".safetensors";

    private const string MapKey = "weight_map";
    private const int MaxKeys = 5;

    /// <summary>Reads an index.</summary>
    /// <param name="path">The index.</param>
    /// <returns>For each tensor, the name of its file, which is a name in the index's own folder.</returns>
    /// <exception cref="CheckpointException">The index cannot be read or is not one.</exception>
    public static Dictionary<string, string> Read(string path)
    {
        byte[] json = ReadAll(path);
        if (ForeignFile.InPlaceOfJson(json) is string foreign)
        {
            throw new CheckpointException(path, foreign);
        }

        JsonCursor cursor = new(path, json, 0);
        Dictionary<string, string>? map = null;
        HashSet<string> keys = new(StringComparer.Ordinal);
        cursor.Next();
        if (cursor.Kind != JsonTokenType.StartObject)
        {
            throw cursor.Unexpected("the index must be an object");
        }

        while (cursor.Next() == JsonTokenType.PropertyName)
        {
            string key = cursor.Text();
            if (!keys.Add(key))
            {
                throw cursor.Error($"{JsonCursor.Quote(key)} comes twice.");
            }

            cursor.Next();
            if (key == MapKey)
            {
                map = ReadMap(ref cursor);
            }
            else
            {
                cursor.Skip();
            }
        }

        cursor.End();
        CheckNames(path, map ?? throw new CheckpointException(path, $"it has no {MapKey}{(keys.Count == 0 ? "" : $", but {string.Join(", ", keys.Take(MaxKeys).Select(JsonCursor.Quote))}")}: it is no index, or of another kind."));
        return map;
    }

    private static byte[] ReadAll(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > SafetensorsHeader.MaxLength)
            {
                throw new CheckpointException(path, $"the index has {stream.Length} bytes, more than the {SafetensorsHeader.MaxLength} allowed.");
            }

            byte[] json = new byte[stream.Length];
            stream.ReadExactly(json);
            return json;
        }
        catch (Exception e) when (CheckpointFile.IsInputOutput(e))
        {
            throw new CheckpointException(path, FolderLinks.Problem(path) ?? e.Message, e);
        }
    }

    private static Dictionary<string, string> ReadMap(ref JsonCursor cursor)
    {
        Dictionary<string, string> map = new(StringComparer.Ordinal);
        if (cursor.Kind != JsonTokenType.StartObject)
        {
            throw cursor.Unexpected($"{MapKey} must be an object");
        }

        while (cursor.Next() == JsonTokenType.PropertyName)
        {
            string name = cursor.Text();
            cursor.Next();
            if (cursor.Kind != JsonTokenType.String)
            {
                throw cursor.Unexpected($"{MapKey}, {JsonCursor.Quote(name)}: the value must be a string");
            }

            if (!map.TryAdd(name, cursor.Text()))
            {
                throw cursor.Error($"{MapKey} has {JsonCursor.Quote(name)} twice.");
            }
        }

        return map;
    }

    private static void CheckNames(string path, Dictionary<string, string> map)
    {
        List<string> problems =
        [
            .. map.Values.Distinct(StringComparer.Ordinal).Where(name => !IsPlain(name)).Order(StringComparer.Ordinal)
                .Select(name => $"{MapKey}: {JsonCursor.Quote(name)} is not the name of a file in the index's folder."),
        ];
        if (map.ContainsKey(SafetensorsHeader.MetadataKey))
        {
            problems.Add($"{MapKey}: {SafetensorsHeader.MetadataKey} is not the name of a tensor.");
        }

        if (problems.Count > 0)
        {
            throw new CheckpointException(path, problems);
        }
    }

    // The same answer on every system: what one of them takes for a path is refused by all.
    private static bool IsPlain(string name) =>
        name is not ("" or "." or "..") && !name.Any(c => c is '/' or '\\' or ':' || char.IsControl(c));
}
