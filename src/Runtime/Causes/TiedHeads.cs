using Lanyard.Books;
using Lanyard.Index;
using Lanyard.Names;

namespace Lanyard.Causes;

/// <summary>A head that did not come beside an embedding of its shape that did, or the other way round: where they are tied, files have one of them.</summary>
internal static class TiedHeads
{
    private static readonly HashSet<string> Heads = new(["head", "output", "unembed", "unembedding", "logits"], StringComparer.Ordinal);
    private static readonly HashSet<string> Embeddings = new(["embed", "embeds", "embedding", "embeddings", "emb", "embd", "wte", "tok", "token", "tokens", "shared"], StringComparer.Ordinal);

    public static IEnumerable<LoadCause> Of(LoadAccount account, SoughtNames names, IReadOnlyCollection<LoadProblem> problems)
    {
        foreach (var problem in problems.Where(problem => problem is { Kind: LoadProblemKind.Missing, Found: null, Expected: null, NeededBy: null, Parameter: not null }))
        {
            // What came and fits is more likely it, under another name.
            if (account.Find(problem.Tensor) is not { Uses: [{ Shape.Length: 2 } use, ..] } missing || !(IsHead(missing) || IsEmbedding(missing)) || account.Unexpected.Keys.Any(name => names.Fits(account.Names.Known(name) ?? name, missing))) continue;
            var other = account.Arrived.FirstOrDefault(tensor => (IsHead(tensor) || IsEmbedding(tensor)) && (IsEmbedding(tensor) || IsEmbedding(missing)) && tensor.Uses.Exists(known => known.Shape.AsSpan().SequenceEqual(use.Shape.AsSpan())));
            if (other is null) continue;
            var name = account.Names.Full(other);
            yield return new LoadCause(LoadProblemKind.Missing, $"{problem.Tensor} (parameter {problem.Parameter}); {name} came and has the same shape: where the two are tied, files have one of them. A class for such files has [CheckpointAlias(\"{problem.Tensor}\", \"{name}\")] and, for both kinds, When on the parameter of the one that may lack", [problem]);
        }
    }

    private static bool IsHead(ModelTensor tensor) => HasWord(tensor, Heads);

    private static bool IsEmbedding(ModelTensor tensor) => HasWord(tensor, Embeddings);

    private static bool HasWord(ModelTensor tensor, HashSet<string> words) => tensor.Name.Split('.').SelectMany(part => NameWords.Of(part)).Any(words.Contains);
}
