using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>A refusal says where the tensors came from, whichever way they came.</summary>
public sealed class ComingFromTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public ComingFromTests() => _scene.Load(_scene.First);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_refit_names_the_file_that_came()
    {
        using var checkpoint = _scene.Stored(Without("norm.weight"));
        Assert.StartsWith($"The tensors of {checkpoint.Path} do not fit the model: 1 problem. Nothing was changed.", Refusal(refit => refit.Write(checkpoint)));
    }

    [Fact]
    public void Several_files_are_named_each_once_and_in_the_order_in_which_they_came()
    {
        using Checkpoint first = _scene.Stored(Only("norm.weight")), second = _scene.Stored(Without("norm.weight").Skip(1));
        Assert.StartsWith($"The tensors of {first.Path} and of {second.Path} do not fit the model: ", Refusal(refit =>
        {
            refit.Write(first);
            refit.Write(second);
            refit.Write(first);
        }));
    }

    [Fact]
    public void A_part_of_a_tree_is_named_with_what_it_is_below()
    {
        using var checkpoint = _scene.Stored(_scene.Second.Skip(2));
        using var refit = _scene.Model.Layers[0].BeginRefit();
        refit.Write(checkpoint, below: "layers.0.");
        Assert.StartsWith($"The tensors of {checkpoint.Path} below layers.0. do not fit the model: ", Assert.Throws<LoadException>(() => refit.Commit()).Message);
    }

    [Fact]
    public void What_was_brought_by_hand_is_called_so_also_beside_a_file()
    {
        using var checkpoint = _scene.Stored(Only("norm.weight"));
        foreach (var write in new Action<RefitSession>[]
        {
            refit => refit.Write("layers.0.self_attn.q_proj.weight", _scene.Second["layers.0.self_attn.q_proj.weight"]),
            refit => refit.Write(Only("layers.0.self_attn.q_proj.weight")),
            refit => refit.WriteSlice("layers.0.self_attn.q_proj.weight", _scene.Second["layers.0.self_attn.q_proj.weight"]),
            refit => refit.Patch("layers.0.self_attn.q_proj.weight", torch.tensor([1L]), torch.tensor([1f])),
        })
        {
            Assert.StartsWith("The tensors that Write brought do not fit the model: ", Refusal(write));
            Assert.StartsWith($"The tensors of {checkpoint.Path}, and those that Write brought, do not fit the model: ", Refusal(refit =>
            {
                refit.Write(checkpoint);
                write(refit);
            }));
        }
        Assert.StartsWith("The tensors do not fit the model: ", Refusal(_ => { }));
    }

    /// <summary>Pairs and dictionaries say the same, to whatever takes tensors by name.</summary>
    [Fact]
    public void Pairs_and_key_values_are_taken_everywhere()
    {
        var (dictionary, pairs) = (_scene.Second, _scene.Second.Select(item => (item.Key, item.Value)).ToArray());
        var expected = _scene.BitsOf(_scene.Second);
        foreach (var write in new Action<RefitSession>[]
        {
            refit => refit.Write(dictionary), refit => refit.Write(pairs), refit => refit.Write(pairs.ToList()), refit => refit.Write(pairs.Where(_ => true)), refit => refit.Write(dictionary.Where(_ => true)),
        })
        {
            _scene.Refit(_scene.First);
            using var refit = _scene.Model.BeginRefit();
            write(refit);
            refit.Commit();
            Assert.Equal(expected, _scene.Bits());
        }
        var asked = _scene.Model.Checksums();
        Assert.True(asked.Compare(WeightChecksums.Of(dictionary, asked)).IsProof);
        Assert.True(asked.Compare(WeightChecksums.Of(pairs, asked)).IsProof);
        var directory = Directory.CreateTempSubdirectory("lanyard-");
        try
        {
            CheckpointWriter.Write(Path.Combine(directory.FullName, "a.safetensors"), dictionary);
            CheckpointWriter.Write(Path.Combine(directory.FullName, "b.safetensors"), pairs);
            Assert.Equal(File.ReadAllBytes(Path.Combine(directory.FullName, "a.safetensors")), File.ReadAllBytes(Path.Combine(directory.FullName, "b.safetensors")));
            Assert.Equal(["model.safetensors"], CheckpointWriter.WriteDirectory(directory.FullName, dictionary));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private string Refusal(Action<RefitSession> write)
    {
        using var refit = _scene.Model.BeginRefit();
        write(refit);
        return Assert.Throws<LoadException>(() => refit.Commit()).Message;
    }

    private Dictionary<string, Tensor> Without(string name) => _scene.Second.Where(item => item.Key != name).ToDictionary();

    private Dictionary<string, Tensor> Only(string name) => _scene.Second.Where(item => item.Key == name).ToDictionary();
}
