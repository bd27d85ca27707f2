using dotnet_etcd;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;

namespace Lanyard.Etcd;

/// <summary>
/// Decisions in etcd, version 3.4 or later: of one server or several. A record is created by a transaction that asks whether it is there, and read by one that most of the servers take part in. What was
/// answered is on disk, on most of them.
/// </summary>
/// <remarks>
/// A store that was emptied, or exchanged for another, would begin a group anew. So the store has a mark, made when it is opened first; every transaction looks whether it is the one
/// that it was. Nothing is ever removed: for a group that is done with, <c>etcdctl del --prefix</c>.
/// </remarks>
public sealed class EtcdDecisionStore : IDecisionStore, IDisposable
{
    private const string MarkName = ".mark";

    private readonly EtcdClient _client;
    private readonly string _address;
    private readonly string _prefix;
    private readonly ByteString _mark;

    /// <summary>Opens a store at addresses without passwords.</summary>
    /// <param name="addresses">The servers, with commas between them: <c>http://10.0.0.1:2379,http://10.0.0.2:2379</c>.</param>
    /// <param name="prefix">What stands before the name of each record: one for each store in an etcd that others use, too.</param>
    /// <param name="timeout">How long a call waits for an answer; 5 s if nothing is said.</param>
    /// <exception cref="DecisionStoreException">It cannot be reached.</exception>
    public EtcdDecisionStore(string addresses, string prefix = "lanyard/", TimeSpan? timeout = null)
        : this(new EtcdClient(addresses ?? throw new ArgumentNullException(nameof(addresses))), addresses, prefix, timeout)
    {
    }

    /// <summary>Opens a store by a client of one's own, which may have certificates and passwords. It belongs to the store from now on.</summary>
    /// <param name="client">The client.</param>
    /// <param name="address">What the store is called in messages.</param>
    /// <param name="prefix">What stands before the name of each record.</param>
    /// <param name="timeout">How long a call waits for an answer; 5 s if nothing is said.</param>
    /// <exception cref="DecisionStoreException">It cannot be reached.</exception>
    public EtcdDecisionStore(EtcdClient client, string address, string prefix = "lanyard/", TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(address);
        ArgumentNullException.ThrowIfNull(prefix);
        Timeout = timeout ?? TimeSpan.FromSeconds(5);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero, nameof(timeout));
        (_client, _address, _prefix) = (client, address, prefix);
        try
        {
            _mark = Mark();
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>How long a call waits for an answer.</summary>
    public TimeSpan Timeout { get; }

    /// <inheritdoc/>
    public string? Find(string name, CancellationToken cancellationToken = default)
    {
        DecisionRecords.Check(name, nameof(name));
        var key = Key(name);
        return Answer(Ask(new TxnRequest { Success = { Get(Key(MarkName)), Get(key) } }, cancellationToken), name);
    }

    /// <inheritdoc/>
    public string Create(string name, string record, CancellationToken cancellationToken = default)
    {
        DecisionRecords.Check(name, nameof(name));
        var (key, bytes) = (Key(name), ByteString.CopyFrom(DecisionRecords.Bytes(record, nameof(record))));
        var response = Ask(
            new TxnRequest
            {
                Compare = { new Compare { Key = Key(MarkName), Target = Compare.Types.CompareTarget.Value, Result = Compare.Types.CompareResult.Equal, Value = _mark }, IsAbsent(key) },
                Success = { Put(key, bytes) },
                Failure = { Get(Key(MarkName)), Get(key) },
            },
            cancellationToken);

        // It was not created since it is there, or since the mark is another: that is told first.
        return response.Succeeded ? record : Answer(response, name) ?? throw Failure($"it neither has nor takes {name}.", null);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>The addresses and the prefix.</summary>
    public override string ToString() => $"{_address}, {_prefix}";

    private static RequestOp Get(ByteString key) => new() { RequestRange = new RangeRequest { Key = key } };

    private static RequestOp Put(ByteString key, ByteString value) => new() { RequestPut = new PutRequest { Key = key, Value = value } };

    private static Compare IsAbsent(ByteString key) => new() { Key = key, Target = Compare.Types.CompareTarget.Create, Result = Compare.Types.CompareResult.Equal, CreateRevision = 0 };

    private ByteString Key(string name) => ByteString.CopyFromUtf8(_prefix + name);

    private ByteString Mark()
    {
        var (key, own) = (Key(MarkName), ByteString.CopyFromUtf8($"{Guid.NewGuid():N}"));
        var response = Ask(new TxnRequest { Compare = { IsAbsent(key) }, Success = { Put(key, own) }, Failure = { Get(key) } }, CancellationToken.None);
        return response.Succeeded ? own : response.Responses[0].ResponseRange.Kvs[0].Value;
    }

    // Of the mark, and of the record.
    private string? Answer(TxnResponse response, string name)
    {
        var (mark, found) = (response.Responses[0].ResponseRange.Kvs, response.Responses[1].ResponseRange.Kvs);
        if (mark.Count == 0 || mark[0].Value != _mark) throw Failure("it was emptied, or another is in its place.", null);
        if (found.Count == 0) return null;
        if (found[0].Version != 1) throw Failure($"{name} was changed after it was created, {found[0].Version} times written in all: it is no record.", null);
        return DecisionRecords.Text(found[0].Value.Span) ?? throw Failure($"{name} is no text: it is no record.", null);
    }

    private TxnResponse Ask(TxnRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // By a clock that nobody sets, unlike the client's own deadline.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Timeout);
        try
        {
            return _client.Transaction(request, cancellationToken: patience.Token);
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failure(patience.IsCancellationRequested ? $"it has not answered for {Timeout.TotalSeconds:0.#} s. What was asked may still be done." : $"{Reason(exception)} What was asked may still be done.", exception);
        }
    }

    private static string Reason(Exception exception) => exception is RpcException { Status: var status } ? $"{status.StatusCode}, {status.Detail.TrimEnd('.')}." : exception.Message;

    private DecisionStoreException Failure(string reason, Exception? cause) => new($"{this}", reason, cause);
}
