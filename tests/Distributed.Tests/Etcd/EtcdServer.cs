using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Lanyard.Distributed.Tests.Programs;
using Lanyard.Etcd;

namespace Lanyard.Distributed.Tests.Etcd;

/// <summary>A server of etcd on this machine, with a folder of its own, that can be killed and started again.</summary>
internal sealed class EtcdServer : IDisposable
{
    private static readonly Lazy<string?> Reason = new(() => Repository.Lacks("etcd.sh"));

    private readonly ScratchFolder _folder = new();
    private readonly string _peer;
    private Started? _started;

    public EtcdServer()
    {
        // Two at once, so that they differ.
        using TcpListener one = new(IPAddress.Loopback, 0), other = new(IPAddress.Loopback, 0);
        one.Start();
        other.Start();
        (Address, _peer) = ($"http://{one.LocalEndpoint}", $"http://{other.LocalEndpoint}");
    }

    /// <summary>Why there can be none.</summary>
    public static string? Lacks => Reason.Value;

    /// <summary>Where it is, once it was started.</summary>
    public string Address { get; }

    /// <summary>Starts it with what it had when it was killed, and waits until it answers.</summary>
    public void Start()
    {
        _started?.Dispose();
        _started = new Started(
            "bash",
            [
                Repository.Script("etcd.sh"), "--data-dir", Path.Combine(_folder.Path, "data"), "--name", "one", "--listen-client-urls", Address, "--advertise-client-urls", Address, "--listen-peer-urls", _peer,
                "--initial-advertise-peer-urls", _peer, "--initial-cluster", $"one={_peer}", "--logger", "zap", "--log-level", "warn", "--heartbeat-interval", "20", "--election-timeout", "200",
            ]);
        for (var begun = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                Open().Dispose();
                return;
            }
            catch (DecisionStoreException e) when (!_started.HasEnded && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(1))
            {
                // It is on its way.
                Debug.WriteLine(e.Message);
                Thread.Sleep(50);
            }
            catch (DecisionStoreException e)
            {
                throw new InvalidOperationException($"etcd did not start:\n{_started.Lines}", e);
            }
        }
    }

    /// <summary>Kills it as a loss of power would.</summary>
    public void Kill() => _started!.Kill();

    /// <summary>Lets it stand still, or go on.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_started!.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Takes away all that it has.</summary>
    public void Wipe() => Directory.Delete(Path.Combine(_folder.Path, "data"), recursive: true);

    /// <summary>A store in it.</summary>
    public EtcdDecisionStore Open(TimeSpan? timeout = null) => new(Address, timeout: timeout ?? TimeSpan.FromSeconds(10));

    public void Dispose()
    {
        _started?.Dispose();
        _folder.Dispose();
    }
}
