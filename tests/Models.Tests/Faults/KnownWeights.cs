using System.IO.Hashing;
using Lanyard.Checkpoints;
using Lanyard.Faults;

namespace Lanyard.Models.Tests.Faults;

/// <summary>The two contents that a checkpoint may have, by the hashes of its tensors.</summary>
internal sealed class KnownWeights
{
    private readonly Dictionary<string, ulong>[] _sides;

    /// <param name="paths">A checkpoint of each content.</param>
    public KnownWeights(params string[] paths) => _sides = [.. paths.Select(path =>
    {
        using var checkpoint = Checkpoint.Open(path);
        return Hashes(checkpoint);
    })];

    /// <summary>The hash of every tensor's bytes.</summary>
    public static Dictionary<string, ulong> Hashes(Checkpoint checkpoint) => checkpoint.Tensors.Values.ToDictionary(tensor => tensor.Name, tensor =>
    {
        var bytes = new byte[tensor.Length];
        checkpoint.Read(tensor, 0, bytes);
        return XxHash3.HashToUInt64(bytes);
    });

    /// <summary>Looks at a folder into which a worker exported, and at each file in it.</summary>
    /// <exception cref="InvalidDataException">A file is not whole, or the folder is not one of the two contents, whole.</exception>
    /// <exception cref="CheckpointException">A file, or the folder, does not open.</exception>
    public FolderState Look(string folder)
    {
        var names = Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).ToList();
        var temporary = names.Where(name => name.StartsWith('.')).ToList();
        using var whole = Checkpoint.Open(folder);
        var side = SideOf(whole);
        if (whole.Tensors.Count != _sides[side].Count) throw new InvalidDataException($"{folder} has {whole.Tensors.Count} tensors of {_sides[side].Count}.");
        var others = names.Except(temporary).Except(whole.Files).Except(["model.safetensors.index.json"]).ToList();
        foreach (var name in others)
        {
            using var file = Checkpoint.Open(Path.Combine(folder, name));
            SideOf(file);
        }
        return new FolderState(side, temporary, others);
    }

    private int SideOf(Checkpoint checkpoint)
    {
        var found = Hashes(checkpoint);
        for (var side = 0; side < _sides.Length; side++)
        {
            if (!found.All(tensor => _sides[side].TryGetValue(tensor.Key, out var hash) && hash == tensor.Value)) continue;
            return checkpoint.Metadata[WorkerFolder.SideKey] == $"{side}" ? side : throw new InvalidDataException($"{checkpoint.Path} has the metadata of the other weights.");
        }
        throw new InvalidDataException($"{checkpoint.Path} is neither the old nor the new weights.");
    }
}
