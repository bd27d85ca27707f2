using System.Text.Json;
using Lanyard.Checkpoints;
using Lanyard.Pretrained;

namespace Lanyard.Lora;

/// <summary>
/// Reads an <c>adapter_config.json</c>. What changes the arithmetic or the tensors in a way that is not computed here is refused by name, and so is a setting
/// that nobody here knows. Source: PEFT 0.21, <c>peft/tuners/lora/config.py</c>.
/// </summary>
internal sealed class LoraConfigReader
{
    public const string FileName = "adapter_config.json";

    // Of training, of how the first values were made, or of where the adapter comes from.
    private static readonly HashSet<string> OfNoEffect = new(StringComparer.Ordinal)
    {
        "auto_mapping", "base_model_name_or_path", "revision", "peft_version", "inference_mode", "lora_dropout", "megatron_core", "qalora_group_size", "eva_config", "runtime_config",
    };

    // Read below.
    private static readonly HashSet<string> Read = new(StringComparer.Ordinal)
    {
        "peft_type", "task_type", "r", "lora_alpha", "use_rslora", "bias", "init_lora_weights", "target_modules", "exclude_modules", "layers_to_transform", "layers_pattern",
    };

    // The others make other weights of the base before training begins, and the file does not have those.
    private static readonly string[] Beginnings = ["gaussian", "eva", "orthogonal"];

    private readonly List<LoraProblem> _problems = [];
    private readonly JsonElement _root;

    private LoraConfigReader(JsonElement root) => _root = root;

    /// <param name="folder">The folder of the adapter.</param>
    /// <exception cref="CheckpointException">The file cannot be read, or is no JSON object.</exception>
    /// <exception cref="LoraException">Lists every setting that cannot be used.</exception>
    public static LoraConfig Of(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var text = PretrainedFile.Text(path);
        try
        {
            using var document = JsonDocument.Parse(PythonJson.Plain(text, "1e999"), new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new CheckpointException(path, "it is not a JSON object.");
            var reader = new LoraConfigReader(document.RootElement);
            var config = reader.Config();
            return reader._problems.Count == 0 ? config : throw new LoraException(folder, [.. reader._problems]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointException(path, $"it is not JSON: {e.Message}", e);
        }
    }

    private LoraConfig Config()
    {
        if (Text("peft_type") is var type && type != "LORA") Add("peft_type", "\"LORA\"", type is null ? "none" : $"\"{type}\"");
        if (Text("task_type") is { } task && task != "CAUSAL_LM") Add("task_type", "\"CAUSAL_LM\"", $"\"{task}\"");
        if (Text("bias") is { } bias && bias != "none") Add("bias", "\"none\": biases of the base are not trained", $"\"{bias}\"");
        var init = Get("init_lora_weights");
        if (init is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) } other && !(other.ValueKind == JsonValueKind.String && Beginnings.Contains(other.GetString())))
            Add("init_lora_weights", "a beginning that leaves the weights of the base as they are", other.GetRawText());
        foreach (var property in _root.EnumerateObject().Where(property => !Read.Contains(property.Name) && !OfNoEffect.Contains(property.Name) && !IsNothing(property.Value)))
            Add(property.Name, "nothing: what it asks for is not computed here", property.Value.GetRawText());

        var rank = Integer(Get("r")) ?? 0;
        if (rank <= 0) Add("r", "a positive integer", Raw("r"));
        var alpha = Get("lora_alpha") is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) && double.IsFinite(value) ? value : double.NaN;
        if (double.IsNaN(alpha)) Add("lora_alpha", "a number", Raw("lora_alpha"));
        var isRoot = Flag("use_rslora");
        return new LoraConfig(rank, alpha / (isRoot ? Math.Sqrt(rank) : rank), Targets());
    }

    private LoraTargets Targets()
    {
        var targets = Get("target_modules");
        var (names, pattern) = (Names("target_modules"), targets is { ValueKind: JsonValueKind.String } text ? text.GetString() : null);
        if (names is not { Count: > 0 } && pattern is null) Add("target_modules", "names of modules, or a pattern", Raw("target_modules"));
        var (excluded, exclusion) = (Names("exclude_modules") ?? [], Get("exclude_modules") is { ValueKind: JsonValueKind.String } excludes ? excludes.GetString() : null);
        var layers = Get("layers_to_transform") switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } one when Integer(one) is { } layer => [layer],
            { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => Integer(item) is not null) => list.EnumerateArray().Select(item => Integer(item)!.Value).ToList(),
            { } wrong => Wrong("layers_to_transform", "numbers of layers", wrong),
        };
        if (layers is { Count: > 0 } && names is null && pattern is not null) Add("layers_to_transform", "nothing beside a pattern of modules", Raw("layers_to_transform"));
        List<string> lists = Get("layers_pattern") is { ValueKind: JsonValueKind.String } list1 ? [list1.GetString()!] : Names("layers_pattern") ?? [];
        return new LoraTargets(names ?? [], pattern, excluded, exclusion, layers is { Count: > 0 } ? layers : null, [.. lists.Where(list => list.Length > 0)], Add);
    }

    private List<int>? Wrong(string name, string expected, JsonElement found)
    {
        Add(name, expected, found.GetRawText());
        return null;
    }

    private List<string>? Names(string name)
    {
        if (Get(name) is not { ValueKind: not JsonValueKind.String } value) return null;
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)) return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        Add(name, "a list of texts, or a text", value.GetRawText());
        return null;
    }

    private bool Flag(string name)
    {
        if (Get(name) is not { } value) return false;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) Add(name, "true or false", value.GetRawText());
        return value.ValueKind == JsonValueKind.True;
    }

    private string? Text(string name)
    {
        if (Get(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        Add(name, "a text", value.GetRawText());
        return null;
    }

    private JsonElement? Get(string name) => _root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string Raw(string name) => Get(name)?.GetRawText() ?? "none";

    private void Add(string name, string expected, string found) => _problems.Add(new LoraProblem(name, expected, found));

    private static int? Integer(JsonElement? value) => value is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var integer) ? integer : null;

    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.String => value.GetString()!.Length == 0,
        _ => false,
    };
}
