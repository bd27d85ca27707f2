using Lanyard.Tests.Models;

namespace Lanyard.Tests.Groups;

/// <summary>One rank of a group with its model, in this process.</summary>
internal sealed class Member : IDisposable
{
    private readonly TinyScene _scene = new(new TinySizes(Layers: 1));

    public Member(IDecisionStore store, int rank, int size, string group = "engine", TimeSpan? timeout = null)
    {
        Group = RefitGroup.Join(store, group, rank, size, "v0");
        Group.Timeout = timeout ?? TimeSpan.FromSeconds(60);
        _scene.Load(_scene.First, options: new LoadOptions { Version = Group.Version });
        (Old, New) = (_scene.Bits(), _scene.BitsOf(_scene.Second));
    }

    public RefitGroup Group { get; set; }

    public TinyScene Scene => _scene;

    public TinyModel Model => _scene.Model;

    public Dictionary<string, byte[]> Old { get; }

    public Dictionary<string, byte[]> New { get; }

    /// <summary>A refit with all its weights.</summary>
    public GroupRefit Begun(string version = "v1", LoadOptions? options = null)
    {
        var refit = Group.BeginRefit(Model, version, options: options);
        refit.Session.Write(_scene.Second);
        return refit;
    }

    /// <summary>A whole refit.</summary>
    public LoadReport Refit(string version = "v1", CancellationToken cancellationToken = default)
    {
        using var refit = Begun(version);
        return refit.Commit(cancellationToken);
    }

    public void HasOld() => Has(Old, "v0");

    public void HasNew() => Has(New, "v1");

    public void Dispose() => _scene.Dispose();

    private void Has(Dictionary<string, byte[]> bits, string version)
    {
        Assert.Equal(bits, _scene.Bits());
        Assert.Equal((version, version, ModelState.Loaded), (Model.Parameters.Version, Group.Version, Model.Status().State));
        Assert.False(Model.IsUpdating());
    }
}
