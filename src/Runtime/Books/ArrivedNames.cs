using Lanyard.Index;

namespace Lanyard.Books;

/// <summary>The names that the tensors of one load or refit came under. Not thread-safe.</summary>
internal sealed class ArrivedNames(ModelIndex index)
{
    private readonly string?[] _names = new string?[index.Tensors.Count];
    private readonly HashSet<string> _secondNames = new(StringComparer.Ordinal);
    private bool _prefixed;

    /// <summary>The number of tensors that came.</summary>
    public int Count { get; private set; }

    /// <summary>Whether every tensor that the model knows came.</summary>
    public bool HasAll => Count == _names.Length;

    /// <summary>Finds what comes under a name; null where the model knows no such tensor.</summary>
    public ModelTensor? Find(string name)
    {
        if (index.Find(name) is not { } tensor) return null;
        _prefixed |= index.Bare(name).Length < name.Length;
        return tensor;
    }

    /// <summary>Whether a tensor came, or part of it.</summary>
    public bool Came(ModelTensor tensor) => _names[tensor.Position] is not null;

    /// <summary>Enters the name that a tensor comes under; false where it came before.</summary>
    public bool TryAdd(ModelTensor tensor, string name)
    {
        if (Came(tensor)) return false;
        _names[tensor.Position] = name;
        Count++;
        return true;
    }

    /// <summary>Whether a tensor that came comes under another of its names now, which has not come yet.</summary>
    public bool IsSecond(ModelTensor tensor, string name) =>
        !tensor.Aliases.IsEmpty && index.Bare(_names[tensor.Position]!) != index.Bare(name) && _secondNames.Add(index.Bare(name));

    /// <summary>What tells the names of one tensor apart: the name without the prefix.</summary>
    public string Bare(string name) => index.Bare(name);

    /// <summary>The name of a tensor as those that came are written.</summary>
    public string Full(ModelTensor tensor) => _prefixed ? index.Prefix + tensor.Name : tensor.Name;
}
