using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Reads the forms that tensor lists have.</summary>
internal sealed class TensorListReader(JsonText json, ListFaults faults)
{
    private const string NoForm =
        "This is no tensor list: neither folded (\"tensors\": [{\"name\", \"dtype\", \"shape\"}]), nor an index (\"weight_map\"), nor the headers of safetensors files, nor what gguf-dump --json prints (\"tensors\": {name: {\"shape\", \"type\"}}).";

    /// <summary>Whether the tensors are GGUF's.</summary>
    public bool IsGguf { get; private set; }

    /// <summary>The rows in the order of the text.</summary>
    public ImmutableArray<ListedTensor> Read()
    {
        var earlier = faults.IsEmpty;
        ImmutableArray<ListedTensor> rows = json[0].Kind switch
        {
            JsonKind.Object when json.Find(0, "tensors", JsonKind.Array) is >= 0 and var tensors => Folded(tensors),
            JsonKind.Object when json.Find(0, "weight_map", JsonKind.Object) is >= 0 and var map && !IsTensor(map) => Index(map),
            JsonKind.Object when json.Find(0, "tensors", JsonKind.Object) is >= 0 and var table && !IsTensor(table) => Table(table),
            JsonKind.Object or JsonKind.Array => Headers(),
            _ => [],
        };
        if (rows.IsEmpty && (faults.IsEmpty || !earlier)) faults.Add(NoForm, json[0].Start, Math.Min(json[0].Length, 1));
        return rows;
    }

    private ImmutableArray<ListedTensor> Folded(int tensors)
    {
        if (json.Find(0, "format") is >= 0 and var format)
        {
            var text = json[format].Kind == JsonKind.String ? json.String(format) : "";
            IsGguf = text == "gguf";
            if (!IsGguf && text != "safetensors") Fault("The format is \"safetensors\" or \"gguf\".", format);
        }
        var rows = new FoldedRows(json, faults).Read(tensors);
        ListTotals.Check(json, rows, faults);
        return rows;
    }

    private ImmutableArray<ListedTensor> Index(int map)
    {
        var flat = new FlatTensors(json, faults, false);
        foreach (var name in json.Members(map))
        {
            if (json[name + 1].Kind == JsonKind.String) flat.Add(name, -1, -1);
            else Fault($"'{json.String(name)}' has no file name.", name + 1);
        }
        return [.. flat.Rows()];
    }

    private ImmutableArray<ListedTensor> Table(int table)
    {
        IsGguf = true;
        var flat = new FlatTensors(json, faults, true);
        foreach (var name in json.Members(table)) Add(flat, name, "type");
        return [.. flat.Rows()];
    }

    private ImmutableArray<ListedTensor> Headers()
    {
        var flat = new FlatTensors(json, faults, false);
        if (json[0].Kind == JsonKind.Object && !json.Members(0).Any(name => IsTensor(name + 1)))
        {
            // Perhaps each member is a file.
            foreach (var file in json.Members(0))
                if (json[file + 1].Kind == JsonKind.Object && !IsMetadata(file)) Header(flat, file + 1);
        }
        else if (json[0].Kind == JsonKind.Object)
        {
            Header(flat, 0);
        }
        else
        {
            foreach (var item in json.Items(0))
            {
                if (json[item].Kind == JsonKind.Object) Header(flat, item);
                else Fault("The header of a safetensors file is an object.", item);
            }
        }
        return [.. flat.Rows()];
    }

    private void Header(FlatTensors flat, int header)
    {
        foreach (var name in json.Members(header))
            if (json[name + 1].Kind == JsonKind.Object && !IsMetadata(name)) Add(flat, name, "dtype");
    }

    private void Add(FlatTensors flat, int name, string typeMember)
    {
        var (type, shape) = (json.Find(name + 1, typeMember), json.Find(name + 1, "shape"));
        if (type < 0 || shape < 0) Fault($"'{json.String(name)}' has no \"{(type < 0 ? typeMember : "shape")}\".", name);
        else flat.Add(name, type, shape);
    }

    // What a header has of a tensor. A tensor may be called "tensors" or "weight_map".
    private bool IsTensor(int node) => json.Find(node, "dtype", JsonKind.String) >= 0 && json.Find(node, "shape", JsonKind.Array) >= 0;

    private bool IsMetadata(int name) => json.Is(name, "__metadata__");

    private void Fault(string message, int node) => faults.Add(message, json[node].Start, json[node].Length);
}
