using System.Collections.Immutable;
using System.Text.Json;
using Lanyard.Checkpoints;
using static TorchSharp.torch;

namespace Lanyard.Pretrained;

/// <summary>Reads what a checkpoint says of its model.</summary>
internal static class PretrainedFile
{
    private const string Name = "config.json";

    // Far above those of models.
    private const int MaxBytes = 10_000_000;

    /// <summary>Whether a checkpoint says it in its own metadata.</summary>
    public static bool IsGguf(Checkpoint checkpoint) => checkpoint.TypedMetadata.ContainsKey(GgufConfig.Architecture);

    /// <exception cref="CheckpointException">It says nothing, or what it says cannot be read.</exception>
    public static PretrainedConfig Read(Checkpoint checkpoint)
    {
        if (IsGguf(checkpoint)) return Parse(checkpoint.Path, GgufConfig.Json(checkpoint));
        var folders = checkpoint.Folders;
        if (folders.Where(folder => File.Exists(Path.Combine(folder, Name))).ToList() is not [var folder])
        {
            throw new CheckpointException(checkpoint.Path, folders.Length > 1
                ? $"its files are in {folders.Length} folders, and not one of those has the {Name}: it says what family the model is of."
                : $"there is no {Name} beside the tensors, which says what family and what sizes the model is of: it belongs to what was published or saved. Without one, make the model by its constructor and load it with LoadPlan.Create(model, checkpoint).Execute().");
        }
        return Read(folder);
    }

    /// <param name="path">The file, or its folder.</param>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public static PretrainedConfig Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path)) path = Path.Combine(path, Name);
        return Parse(path, Text(path));
    }

    /// <summary>The text of a file of settings.</summary>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public static string Text(string path)
    {
        try
        {
            using var file = File.OpenRead(path);

            // Without its length: a device has none, and no end.
            var bytes = GC.AllocateUninitializedArray<byte>(MaxBytes + 1);
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (count > MaxBytes) throw new CheckpointException(path, $"it has more than the {MaxBytes} bytes that are read of a configuration.");
            using var reader = new StreamReader(new MemoryStream(bytes, 0, count));
            return reader.ReadToEnd();
        }
        catch (Exception e) when (CheckpointFile.IsInputOutput(e))
        {
            throw new CheckpointException(path, e.Message, e);
        }
    }

    private static PretrainedConfig Parse(string path, string json)
    {
        try
        {
            json = PythonJson.Plain(json, "1e999");
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new CheckpointException(path, "it is not a JSON object.");
            return new PretrainedConfig(path, json) { ModelType = ModelTypeOf(path, root), Architectures = ArchitecturesOf(path, root), Type = TypeOf(path, root) };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is what the parser says of half of a surrogate pair.
            throw new CheckpointException(path, ForeignFile.InPlaceOfJson(System.Text.Encoding.UTF8.GetBytes(json)) ?? $"it is not JSON: {e.Message}", e);
        }
    }

    private static string? ModelTypeOf(string path, JsonElement root) =>
        !root.TryGetProperty("model_type", out var type) || type.ValueKind == JsonValueKind.Null ? null
        : type.ValueKind == JsonValueKind.String ? type.GetString()
        : throw new CheckpointException(path, $"model_type is {type.GetRawText()}, not a text.");

    private static ImmutableArray<string> ArchitecturesOf(string path, JsonElement root) =>
        !root.TryGetProperty("architectures", out var names) || names.ValueKind == JsonValueKind.Null ? []
        : names.ValueKind == JsonValueKind.Array && names.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String) ? [.. names.EnumerateArray().Select(name => name.GetString()!)]
        : throw new CheckpointException(path, "architectures is no list of texts, and the model type alone does not tell what the model is.");

    /// <summary>The type of the whole, or of its text model: <c>torch_dtype</c> in older files.</summary>
    private static ScalarType? TypeOf(string path, JsonElement root)
    {
        var text = root.TryGetProperty("text_config", out var config) && config.ValueKind == JsonValueKind.Object ? config : (JsonElement?)null;
        foreach (var element in new[] { root, text }.OfType<JsonElement>())
        {
            foreach (var key in new[] { "dtype", "torch_dtype" })
            {
                if (!element.TryGetProperty(key, out var type) || type.ValueKind is JsonValueKind.Null) continue;
                return (type.ValueKind == JsonValueKind.String ? type.GetString()!.Replace("torch.", "", StringComparison.Ordinal) : type.GetRawText()) switch
                {
                    "bfloat16" => ScalarType.BFloat16,
                    "float16" or "half" => ScalarType.Float16,
                    "float32" or "float" => ScalarType.Float32,
                    "float64" or "double" => ScalarType.Float64,
                    "auto" => null,
                    var other => throw new CheckpointException(path, $"{key} is {other}, none of bfloat16, float16, float32 and float64: say the type with PretrainedOptions.Type."),
                };
            }
        }
        return null;
    }
}
